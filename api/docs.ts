import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import express from 'express';
import type { RequestHandler } from 'express';
import { exchangeOf } from './exchange.ts';
import type { OpenApiDocument } from './openapi.ts';

const assets = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));

const page = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Carrel – API</title>
<link rel="stylesheet" href="/docs/swagger-ui.css">
<link rel="icon" type="image/png" href="/docs/favicon-32x32.png">
<script src="/docs/swagger-ui-bundle.js" defer></script>
<script src="/docs/start.js" defer></script>
</head>
<body><main id="docs"></main></body>
</html>
`;

const start = `SwaggerUIBundle({ url: '/openapi.json', dom_id: '#docs', deepLinking: true, docExpansion: 'list' });
`;

function constant(type: string, text: () => string): RequestHandler {
  return (request, response) => {
    exchangeOf(response).route = request.path;
    response.type(type).send(text());
  };
}

/** `/openapi.json`, written when it is first asked for, and `/docs` to read and try it; everything is served from here, nothing inline. */
export function docsRouter(describe: () => OpenApiDocument): express.Router {
  let written: string | undefined;
  const document = () => (written ??= JSON.stringify(describe()));
  const router = express.Router({ caseSensitive: true, strict: true });
  router.get('/openapi.json', constant('json', document));
  router.get(
    ['/docs', '/docs/'],
    constant('html', () => page),
  );
  router.get(
    '/docs/start.js',
    constant('js', () => start),
  );
  const files = express.static(assets, {
    index: false,
    redirect: false,
    maxAge: '1d',
    setHeaders: (response) => response.setHeader('Cache-Control', 'public, max-age=86400'),
  });
  for (const file of ['swagger-ui.css', 'swagger-ui-bundle.js', 'favicon-32x32.png']) {
    router.get(`/docs/${file}`, (request, response, next) => {
      exchangeOf(response).route = '/docs';
      request.url = `/${file}`;
      files(request, response, next);
    });
  }
  return router;
}
