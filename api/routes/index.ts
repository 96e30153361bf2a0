import type { ApiDeps } from '../deps.ts';
import type { Route } from '../route.ts';
import { sessionRoutes } from './sessions.ts';

/** Every route of the API. */
export function routesOf(deps: ApiDeps): Route[] {
  return [sessionRoutes].flatMap((routes) => routes(deps));
}
