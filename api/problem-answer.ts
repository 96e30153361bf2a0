import { STATUS_CODES } from 'node:http';
import type { ErrorRequestHandler, Request, Response } from 'express';
import type { Language } from '../domain/languages.ts';
import { permissionWords } from '../domain/permissions.ts';
import type { LibraryPolicy } from '../domain/policy.ts';
import { EngineUnavailable } from './commands-port.ts';
import { isDatabaseUnavailable } from './database-errors.ts';
import type { ApiDeps } from './deps.ts';
import { exchangeOf, languageOf } from './exchange.ts';
import { loggable } from './loggable.ts';
import { ProblemError, problem } from './problem.ts';
import type { InputError, ProblemReason } from './problem.ts';

/** Names a kind of problem for programs; stable. */
export const problemType = (code: string): string => `urn:carrel:problem:${code}`;

const soon = { headers: { 'Retry-After': '5' } };

/** What Express and its body parser throw, by the name or the status they give. */
function fromExpress(error: unknown): ProblemError | undefined {
  const { type, status } = (error ?? {}) as { type?: unknown; status?: unknown };
  if (type === 'entity.parse.failed' || type === 'request.size.invalid') return problem('invalid-json');
  if (type === 'entity.too.large') return problem('body-too-large');
  if (status === 415) return problem('unsupported-media-type');
  if (error instanceof URIError || status === 400) return problem('not-found');
  return undefined;
}

/** What an error means to the caller. What is not known is `internal`, and says nothing of itself. */
export function asProblem(error: unknown): ProblemError {
  if (error instanceof ProblemError) return error;
  if (error instanceof EngineUnavailable) return problem('engine-unavailable', {}, soon);
  if (isDatabaseUnavailable(error)) return problem('database-unavailable', {}, soon);
  return fromExpress(error) ?? problem('internal');
}

function policyFor(response: Response, deps: Pick<ApiDeps, 'policies'>): LibraryPolicy | undefined {
  const library = exchangeOf(response).caller?.library;
  return library !== undefined && deps.policies.has(library) ? deps.policies.get(library) : undefined;
}

function bodyOf(
  error: ProblemError,
  language: Language,
  deps: Pick<ApiDeps, 'texts'>,
  policy: LibraryPolicy | undefined,
) {
  const textOf = (reason: ProblemReason) =>
    deps.texts.problem(language, reason.code, {
      timeZone: policy?.timeZone,
      ...(policy && { currency: policy.currency }),
      ...reason,
      ...(policy && permissionWords(policy, language, reason)),
    });
  const inWords = (each: InputError) => {
    if (!('code' in each)) return each;
    const { values, ...part } = each;
    return {
      ...part,
      detail: deps.texts.problem(language, each.code, { timeZone: policy?.timeZone, ...values }).detail,
    };
  };
  return {
    type: problemType(error.code),
    status: error.status,
    code: error.code,
    ...textOf(error.reasons[0]),
    reasons: error.reasons.map((reason) => ({ ...reason, detail: textOf(reason).detail })),
    ...(error.errors.length > 0 && { errors: error.errors.map(inWords) }),
  };
}

function writeHeaders(response: Response, error: ProblemError, language: Language): void {
  response.status(error.status);
  response.setHeader('Content-Type', 'application/problem+json; charset=utf-8');
  response.setHeader('Content-Language', language);
  response.vary('Accept-Language');
  if (error.status === 401) response.setHeader('WWW-Authenticate', 'Bearer');
  for (const [name, value] of Object.entries(error.headers)) response.setHeader(name, value);
}

type AnswerDeps = Pick<ApiDeps, 'texts' | 'policies' | 'logger'>;

function log(error: unknown, answered: ProblemError, response: Response, deps: AnswerDeps): void {
  const { id, route } = exchangeOf(response);
  if (answered.code === 'internal')
    deps.logger.error({ error: loggable(error), requestId: id, route }, 'a request failed');
  else if (answered.status === 503)
    deps.logger.warn({ error: loggable(error), requestId: id, route }, STATUS_CODES[503]);
}

/** The one error middleware: whatever was thrown becomes problem+json in the reader's language. */
export function answerProblems(deps: AnswerDeps): ErrorRequestHandler {
  return (error: unknown, request: Request, response: Response, _next) => {
    const answered = asProblem(error);
    log(error, answered, response, deps);
    if (response.headersSent || response.destroyed) {
      response.destroy();
      return;
    }
    const language = languageOf(request, response);
    writeHeaders(response, answered, language);
    const body = bodyOf(answered, language, deps, policyFor(response, deps));
    response.end(JSON.stringify({ ...body, instance: `urn:uuid:${exchangeOf(response).id}` }));
  };
}
