import { STATUS_CODES } from 'node:http';
import { z } from 'zod';
import { createDocument } from 'zod-openapi';
import type {
  ZodOpenApiOperationObject,
  ZodOpenApiRequestBodyObject,
  ZodOpenApiResponsesObject,
} from 'zod-openapi';
import { sessionCookie } from './auth/cookies.ts';
import type { ProblemCode } from './problem-codes.ts';
import { problemStatus } from './problem-codes.ts';
import type { ResponseDescription, Route } from './route.ts';
import { openApiPath } from './route.ts';
import { problemSchema } from './schemas/problem.ts';

export type OpenApiDocument = ReturnType<typeof createDocument>;

const problemContent = { 'application/problem+json': { schema: problemSchema } };

/** The problems any such route can answer with, whatever it does. */
function generalProblems(route: Route): ProblemCode[] {
  return [
    ...(route.access === 'public'
      ? []
      : (['two-credentials', 'unauthenticated', 'session-expired', 'forbidden'] as const)),
    ...(route.access === 'public' || route.scope === 'new-password'
      ? []
      : (['new-password-required'] as const)),
    ...(route.params ? (['not-found'] as const) : []),
    'invalid-input',
    ...(route.body ? (['invalid-json', 'body-too-large', 'unsupported-media-type'] as const) : []),
    ...(route.idempotent ? (['idempotency-key-missing', 'idempotency-key-reused'] as const) : []),
    'internal',
    'database-unavailable',
  ];
}

function problemResponses(route: Route): ZodOpenApiResponsesObject {
  const byStatus = Object.groupBy(
    [...generalProblems(route), ...(route.problems ?? [])],
    (code) => problemStatus[code],
  );
  return Object.fromEntries(
    Object.entries(byStatus).map(([status, codes = []]) => [
      status,
      {
        description: `${STATUS_CODES[status]}: \`${[...new Set(codes)].join('`, `')}\``,
        content: problemContent,
      },
    ]),
  );
}

function headersOf(described: ResponseDescription, route: Route): z.ZodObject {
  const always = { 'X-Request-Id': 'Names this request in the service’s log.' };
  const replayed = { 'Idempotency-Replayed': '`true` when this request was sent before.' };
  const all = { ...always, ...(route.idempotent && replayed), ...described.headers };
  return z.object(
    Object.fromEntries(
      Object.entries(all).map(([name, text]) => [name, z.string().optional().describe(text)]),
    ),
  );
}

function responsesOf(route: Route): ZodOpenApiResponsesObject {
  const described = Object.entries(route.responses).map(([status, each]) => [
    status,
    {
      description: each.description,
      headers: headersOf(each, route),
      ...(each.body && { content: { [each.mediaType ?? 'application/json']: { schema: each.body } } }),
    },
  ]);
  return { ...problemResponses(route), ...Object.fromEntries(described) };
}

const idempotencyKey = z
  .string()
  .min(1)
  .max(202)
  .describe(
    'Chosen by the caller, 1–200 visible ASCII characters; the same key with the same request is done once.',
  );

function accessText(route: Route): string {
  if (route.access === 'public') return 'Open to everyone.';
  if (route.access === 'patron') return 'For readers.';
  if (route.access === 'signed-in') return 'For everyone who is signed in.';
  return `For staff: ${[...new Set([...route.access, 'administrator'])].join(', ')}.`;
}

function operationId(route: Route): string {
  const parts = route.path.split('/').filter((part) => part !== '' && part !== 'v1');
  return [route.method, ...parts.map((part) => part.replace(':', 'by-'))].join('-');
}

/** A session in a cookie needs its CSRF token beside it for what changes something. */
const inCookie = ({ method }: Route): Record<string, string[]> =>
  method === 'get' ? { cookie: [] } : { cookie: [], csrf: [] };

/** A file's bytes have no schema (OpenAPI 3.1). */
function requestBodyOf({ file }: Route, body: z.ZodType): ZodOpenApiRequestBodyObject {
  const content = file ? file.mediaTypes.map((type) => [type, {}]) : [['application/json', { schema: body }]];
  return { required: true, content: Object.fromEntries(content) };
}

function operationOf(route: Route): ZodOpenApiOperationObject {
  const header = { ...(route.idempotent && { 'Idempotency-Key': idempotencyKey }), ...route.headers?.shape };
  return {
    operationId: operationId(route),
    summary: route.summary,
    description: [route.description, accessText(route)].filter(Boolean).join('\n\n'),
    tags: [route.path.split('/')[route.path.startsWith('/v1/staff/') ? 3 : 2] ?? 'other'],
    security: route.access === 'public' ? [] : [{ token: [] }, inCookie(route)],
    requestParams: {
      ...(route.params && { path: route.params }),
      ...(route.query && { query: route.query }),
      ...(Object.keys(header).length > 0 && { header: z.object(header) }),
    },
    ...(route.body && { requestBody: requestBodyOf(route, route.body) }),
    responses: responsesOf(route),
  };
}

/** The OpenAPI 3.1 description of the routes, made of the schemas that serve them. */
export function openApiDocument(routes: readonly Route[], publicUrl: string): OpenApiDocument {
  const paths = Object.groupBy(routes, (route) => openApiPath(route.path));
  return createDocument({
    openapi: '3.1.1',
    info: {
      title: 'Carrel',
      version: '1',
      description:
        'Durable patron services for libraries. Problems are RFC 9457; their `code`s are stable and all reasons are listed.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: publicUrl }],
    paths: Object.fromEntries(
      Object.entries(paths).map(([path, each = []]) => [
        path,
        Object.fromEntries(each.map((route) => [route.method, operationOf(route)])),
      ]),
    ),
    components: {
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer' },
        cookie: { type: 'apiKey', in: 'cookie', name: sessionCookie(publicUrl).name },
        csrf: { type: 'apiKey', in: 'header', name: 'X-CSRF-Token' },
      },
    },
  });
}
