import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openApiPath } from '../../api/route.ts';
import type { Route } from '../../api/route.ts';
import { routesOf } from '../../api/routes/index.ts';
import { startEdge } from './edge.ts';
import type { Edge } from './edge.ts';

interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly security: readonly unknown[];
  readonly parameters?: readonly {
    readonly in: string;
    readonly name: string;
    readonly required?: boolean;
  }[];
  readonly requestBody?: unknown;
  readonly responses: Readonly<Record<string, { readonly description: string }>>;
}

interface Document {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, unknown>> };
}

let edge: Edge;
let routes: readonly Route[];
let document: Document;
beforeAll(async () => {
  edge = await startEdge();
  routes = routesOf(edge.deps);
  document = (await edge.call('GET', '/openapi.json')).body;
});
afterAll(() => edge.stop());

const operations = () => Object.values(document.paths).flatMap((path) => Object.values(path));

/** Requests that a text names, as `GET /v1/titles/:id`; what stands in braces, brackets or behind a colon is a parameter. */
const named = (text: string) =>
  [...text.matchAll(/(GET|POST|PUT|PATCH|DELETE) (\/(?:v1|iso18626)\/[\w/:<>{}.-]*[\w>}])/gu)].map(
    ([, method = '', path = '']) => `${method} ${path.replaceAll(/\{[^}]*\}|:[a-zA-Z]+|<[^>]*>/gu, '{}')}`,
  );

function references(part: unknown): string[] {
  if (typeof part !== 'object' || part === null) return [];
  return Object.entries(part).flatMap(([key, value]) =>
    key === '$ref' && typeof value === 'string' ? [value] : references(value),
  );
}

describe('/openapi.json', () => {
  test('describes every route, and nothing else', () => {
    expect(document.openapi).toMatch(/^3\.1\./);
    const described = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method} ${path}`),
    );
    const served = routes.map((route) => `${route.method} ${openApiPath(route.path)}`);
    expect(described.toSorted()).toEqual(served.toSorted());
  });

  test('operations are named once, and every reference leads somewhere', () => {
    const ids = operations().map((operation) => operation.operationId);
    expect(new Set(ids).size).toBe(ids.length);
    for (const reference of references(document)) {
      const name = reference.replace('#/components/schemas/', '');
      expect(document.components.schemas).toHaveProperty([name]);
    }
  });

  test('parameters, bodies, keys, access and problems stand in it', () => {
    for (const route of routes) {
      const operation = document.paths[openApiPath(route.path)]?.[route.method];
      const inPath = operation?.parameters?.filter((each) => each.in === 'path').map((each) => each.name);
      expect(inPath ?? []).toEqual([...route.path.matchAll(/:(\w+)/g)].map(([, name]) => name));
      expect(operation?.requestBody !== undefined).toBe(route.body !== undefined);
      const key = operation?.parameters?.find((each) => each.name === 'Idempotency-Key');
      expect(key?.required ?? false).toBe(route.idempotent);
      const cookie = route.method === 'get' ? { cookie: [] } : { cookie: [], csrf: [] };
      expect(operation?.security).toEqual(route.access === 'public' ? [] : [{ token: [] }, cookie]);
      const statuses = Object.keys(operation?.responses ?? {}).map(Number);
      expect(statuses).toEqual(
        expect.arrayContaining([...Object.keys(route.responses).map(Number), 422, 500, 503]),
      );
    }
  });

  test('numbers in a query are numbers, and objects take nothing that is not described', () => {
    const list = JSON.stringify(document.paths['/v1/me/notices']?.get?.parameters);
    expect(list).toContain('"type":"integer"');
    expect(JSON.stringify(document.paths['/v1/sessions']?.post?.requestBody)).toContain(
      '"additionalProperties":false',
    );
  });
});

test('patterns in it are such as programs in other languages can read', () => {
  expect(JSON.stringify(document)).toContain('u001f');
  expect(JSON.stringify(document)).not.toMatch(/\\\\p\{/i);
});

describe('/docs', () => {
  test('is served from here, without a line of inline script', async () => {
    const page = await edge.call('GET', '/docs');
    expect(page.status).toBe(200);
    const sources = [...page.body.matchAll(/(?:src|href)="([^"]+)"/g)].map(
      ([, source]: string[]) => source ?? '',
    );
    expect(sources.length).toBeGreaterThan(2);
    for (const source of sources) {
      expect(source).toMatch(/^\/docs\//);
      expect((await edge.call('GET', source)).status).toBe(200);
    }
    expect(page.body).not.toMatch(/<script(?![^>]*src=)/);
    expect(page.headers.get('content-security-policy')).toContain("script-src 'self'");
    expect((await edge.call('GET', '/docs/package.json')).status).toBe(404);
  });
});

test.each([
  'README.md',
  'CHANGELOG.md',
  'docs/architecture.md',
  'docs/gateways.md',
  'docs/ill.md',
  'docs/operations.md',
  'docs/portal.md',
  'docs/security.md',
  'the description itself',
])('requests that %s names are requests of the service', (source) => {
  const text = source.includes('.md') ? readFileSync(source, 'utf8') : JSON.stringify(document);
  const known = new Set(
    Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).flatMap((method) => named(`${method.toUpperCase()} ${path}`)),
    ),
  );
  // A process is named by its workflow's id, which begins with its kind.
  const wrong = named(text.replaceAll(/processes\/\w+:<id>/gu, 'processes/<id>')).filter(
    (each) => !known.has(each),
  );
  expect([...new Set(wrong)]).toEqual([]);
});
