import express from 'express';
import type { Express, RequestHandler } from 'express';
import helmet from 'helmet';
import { createAuthenticate } from './auth/authenticate.ts';
import { createBrowserOf } from './auth/browser.ts';
import type { ApiDeps } from './deps.ts';
import { docsRouter } from './docs.ts';
import { exchangeOf } from './exchange.ts';
import { healthRouter } from './health.ts';
import type { Health } from './health.ts';
import type { Answered } from './observe.ts';
import { observe } from './observe.ts';
import { openApiDocument } from './openapi.ts';
import { answerProblems } from './problem-answer.ts';
import { problem } from './problem.ts';
import type { Route } from './route.ts';
import { routesOf } from './routes/index.ts';
import { serve } from './serve.ts';

/** Nothing is loaded from elsewhere and nothing runs inline. */
const securityHeaders = helmet({
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      defaultSrc: ["'none'"],
      scriptSrc: ["'self'"],
      styleSrc: ["'self'"],
      imgSrc: ["'self'", 'data:'],
      fontSrc: ["'self'"],
      connectSrc: ["'self'"],
      formAction: ["'self'"],
      frameAncestors: ["'none'"],
      baseUri: ["'none'"],
    },
  },
  referrerPolicy: { policy: 'no-referrer' },
  xFrameOptions: { action: 'deny' },
});

const noStore: RequestHandler = (_request, response, next) => {
  response.setHeader('Cache-Control', 'no-store');
  next();
};

/** Answers what no method of a known path has answered: OPTIONS says which there are, anything else is refused with them. */
function otherMethods(path: string, routes: readonly Route[]): RequestHandler {
  const methods = routes.filter((route) => route.path === path).map((route) => route.method.toUpperCase());
  const all = [...methods, ...(methods.includes('GET') ? ['HEAD'] : []), 'OPTIONS'];
  const headers = { Allow: all.join(', ') };
  return (request, response) => {
    exchangeOf(response).route = path;
    if (request.method !== 'OPTIONS') throw problem('method-not-allowed', {}, { headers });
    response.setHeader('Allow', headers.Allow);
    response.status(204).end();
  };
}

function routesRouter(routes: readonly Route[], deps: ApiDeps): express.Router {
  const router = express.Router({ caseSensitive: true, strict: true });
  const authenticate = createAuthenticate(deps.orm, deps.policies);
  const browserOf = createBrowserOf(deps.config);
  for (const route of routes)
    router[route.method](route.path, serve(route, { ...deps, authenticate, browserOf }));
  for (const path of new Set(routes.map((route) => route.path))) router.all(path, otherMethods(path, routes));
  return router;
}

export interface AppParts {
  readonly health: Health;
  /** Hears of every answered request, for the figures. */
  readonly answered?: (answered: Answered) => void;
  /** The routes to serve; all of them unless a test says otherwise. */
  readonly routes?: readonly Route[];
}

/** Builds the HTTP application; it listens nowhere yet. */
export function buildApp(deps: ApiDeps, parts: AppParts): Express {
  const routes = parts.routes ?? routesOf(deps);
  const app = express();
  app.disable('x-powered-by');
  app.set('etag', false);
  app.set('query parser', 'simple');
  app.set('trust proxy', deps.config.trustProxy);
  app.use(observe(deps.logger, parts.answered ?? (() => undefined)), securityHeaders, noStore);
  app.use(healthRouter(parts.health));
  app.use(docsRouter(() => openApiDocument(routes, deps.config.publicUrl)));
  app.use(routesRouter(routes, deps));
  app.use(() => {
    throw problem('not-found');
  });
  app.use(answerProblems(deps));
  return app;
}
