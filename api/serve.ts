import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Request, RequestHandler, Response } from 'express';
import { inOneTransaction } from '../db/shared.ts';
import type { Authenticate } from './auth/authenticate.ts';
import type { Browser } from './auth/browser.ts';
import { mayCall, reaches } from './caller.ts';
import type { Caller } from './caller.ts';
import type { ApiDeps } from './deps.ts';
import { exchangeOf, languageOf } from './exchange.ts';
import { readFile } from './files.ts';
import { takeKey } from './idempotency.ts';
import type { Input } from './input.ts';
import { parseInput, readBody } from './input.ts';
import { problem } from './problem.ts';
import type { AnyReply, Key, Route } from './route.ts';

type ServeDeps = Pick<ApiDeps, 'orm' | 'clock' | 'config'> & {
  readonly authenticate: Authenticate;
  readonly browserOf: (request: Request) => Browser;
};

/** Lets the caller in or throws: 401 without a session, 403 when the session or the role does not reach. */
function authorise(route: Route, caller: Caller | undefined): void {
  if (route.access === 'public') return;
  if (caller === undefined) throw problem('unauthenticated');
  if (!reaches(caller.scope, route.scope))
    throw problem(caller.scope === 'new-password' ? 'new-password-required' : 'second-factor-required');
  if (!mayCall(route.access, caller)) throw problem('forbidden');
}

async function bodyOf(
  route: Route,
  request: Request,
  response: Response,
  caller: Caller | undefined,
): Promise<unknown> {
  if (route.file !== undefined) return readFile(request, route.file, caller);
  return route.body === undefined ? undefined : readBody(request, response);
}

function checkReply(route: Route, reply: AnyReply): void {
  const described = route.responses[reply.status];
  if (described === undefined) throw new Error(`${route.path} describes no answer ${reply.status}.`);
  described.body?.parse(reply.body);
}

/** A reply that is written while it is read. A caller who goes away meanwhile is no failure of ours. */
async function stream(response: Response, body: Readable): Promise<void> {
  try {
    await pipeline(body, response);
  } catch (error) {
    if ((error as { code?: unknown }).code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
  }
}

async function send(response: Response, reply: AnyReply): Promise<void> {
  response.status(reply.status);
  for (const [name, value] of Object.entries(reply.headers ?? {})) response.setHeader(name, value);
  if (reply.body === undefined) {
    response.end();
    return;
  }
  if (reply.body instanceof Readable) {
    await stream(response, reply.body);
    return;
  }
  if ((typeof reply.body === 'string' || Buffer.isBuffer(reply.body)) && response.hasHeader('Content-Type')) {
    response.end(reply.body);
    return;
  }
  response.setHeader('Content-Type', 'application/json; charset=utf-8');
  response.end(JSON.stringify(reply.body));
}

/** Bytes that a browser did not encode arrive as characters of one byte each. */
function searchOf(url: string): string {
  const at = url.indexOf('?');
  return at < 0
    ? ''
    : url
        .slice(at + 1)
        .replaceAll(/[\u0080-\u00FF]/gu, (each) => `%${Buffer.from(each, 'latin1').toString('hex')}`);
}

type Trusts = (address: string | undefined, hops: number) => boolean;

const isProxied = ({ app, socket }: Request): boolean =>
  (app.get('trust proxy fn') as Trusts)(socket.remoteAddress, 0);

/** Answers a route's requests: authenticate, authorise, read, parse, remember the key, handle, reply. */
export function serve(route: Route, deps: ServeDeps): RequestHandler {
  const key = async (
    request: Request,
    input: Input,
    caller: Caller | undefined,
    now: number,
  ): Promise<Key | undefined> => {
    if (!route.idempotent) return undefined;
    const header = request.get('idempotency-key');
    return takeKey(deps.orm, { route, header, input, actor: caller?.actor ?? 'anyone', now });
  };

  const replyTo = async (request: Request, response: Response): Promise<AnyReply> => {
    const exchange = exchangeOf(response);
    exchange.route = route.path;
    const now = deps.clock();
    const browser = deps.browserOf(request);
    const caller = route.access === 'public' ? undefined : await deps.authenticate(browser.presented(), now);
    if (caller !== undefined) exchange.caller = caller;
    if (caller?.transport === 'cookie') browser.checkCsrf(caller.session);
    authorise(route, caller);
    const body = await bodyOf(route, request, response, caller);
    const language = languageOf(request, response);
    const input = parseInput(route, request, body, language);
    const taken = await key(request, input, caller, now);
    if (taken?.repeated) response.setHeader('Idempotency-Replayed', 'true');
    const from = { address: request.ip ?? '', throughProxy: isProxied(request) };
    const search = searchOf(request.originalUrl);
    const call = { ...input, search, caller, key: taken, language, now, ...from, browser };
    return route.handler(call as never);
  };

  return async (request, response) => {
    const replying = () => replyTo(request, response);
    // Session, key and what is looked up before the command: one transaction instead of as many as there are statements.
    const reply = route.idempotent ? await inOneTransaction(replying) : await replying();
    if (deps.config.environment === 'test') checkReply(route, reply);
    await send(response, reply);
  };
}
