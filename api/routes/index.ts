import type { ApiDeps } from '../deps.ts';
import type { Route } from '../route.ts';
import { holdChangeRoutes } from './hold-changes.ts';
import { holdRoutes } from './holds.ts';
import { libraryRoutes } from './libraries.ts';
import { loanRoutes } from './loans.ts';
import { meRoutes } from './me.ts';
import { noticeRoutes } from './notices.ts';
import { passwordLinkRoutes } from './password-links.ts';
import { passwordRoutes } from './password.ts';
import { patronAccessRoutes } from './patron-access.ts';
import { renewalRoutes } from './renewals.ts';
import { sessionRoutes } from './sessions.ts';
import { titleRoutes } from './titles.ts';

const subjects = [
  libraryRoutes,
  titleRoutes,
  sessionRoutes,
  passwordRoutes,
  passwordLinkRoutes,
  meRoutes,
  holdRoutes,
  holdChangeRoutes,
  loanRoutes,
  renewalRoutes,
  noticeRoutes,
  patronAccessRoutes,
];

/** Every route of the API. */
export function routesOf(deps: ApiDeps): Route[] {
  return subjects.flatMap((routes) => routes(deps));
}
