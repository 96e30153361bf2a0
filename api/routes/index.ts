import type { ApiDeps } from '../deps.ts';
import type { Route } from '../route.ts';
import { passwordLinkRoutes } from './password-links.ts';
import { passwordRoutes } from './password.ts';
import { patronAccessRoutes } from './patron-access.ts';
import { sessionRoutes } from './sessions.ts';

const subjects = [sessionRoutes, passwordRoutes, passwordLinkRoutes, patronAccessRoutes];

/** Every route of the API. */
export function routesOf(deps: ApiDeps): Route[] {
  return subjects.flatMap((routes) => routes(deps));
}
