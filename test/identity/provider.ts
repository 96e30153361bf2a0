import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { Provider } from 'oidc-provider';

export const clientId = 'carrel';
export const clientSecret = 'the secret of a client of a campus';
export const returnTo = 'http://127.0.0.1/identity';

type Handler = (request: IncomingMessage, response: ServerResponse) => Promise<unknown>;

async function listen(handler: Handler) {
  const server: Server = createServer((request, response) => void handler(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    port,
    issuer: `http://127.0.0.1:${port}`,
    stop: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

export interface Member {
  readonly name: string;
  readonly email: string;
  readonly email_verified: boolean;
  readonly preferred_username: string;
}

/** A real OpenID Connect server, with the development pages of `oidc-provider` in place of a campus's own. */
export async function startProvider(members: Readonly<Record<string, Member>>) {
  const down: Handler = async (_request, response) => response.writeHead(503).end();
  let handle = down;
  const server = await listen((request, response) => handle(request, response));
  const provider = new Provider(server.issuer, {
    clients: [{ client_id: clientId, client_secret: clientSecret, redirect_uris: [returnTo] }],
    claims: { openid: ['sub'], profile: ['name', 'preferred_username'], email: ['email', 'email_verified'] },
    findAccount: (_context, sub) => ({
      accountId: sub,
      claims: async () => ({ sub, ...members[sub] }),
    }),
  });
  const working: Handler = async (request, response) => provider.callback()(request, response);
  handle = working;
  return {
    issuer: server.issuer,
    stop: server.stop,
    /** Answers everything with 503, or works again. */
    setDown: (isDown: boolean) => {
      handle = isDown ? down : working;
    },
  };
}

/** Follows redirects as a browser does, with its cookies, until one leads back to the portal; a member who signs in and consents on the way. */
export async function browse(url: string, login: string): Promise<string> {
  const cookies = new Map<string, string>();
  let next = url;
  let form: Record<string, string> | undefined;
  for (let step = 0; step < 15; step += 1) {
    const response = await fetch(next, {
      redirect: 'manual',
      method: form === undefined ? 'GET' : 'POST',
      headers: { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
      ...(form && { body: new URLSearchParams(form) }),
    });
    for (const each of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(each) ?? [];
      cookies.set(name, value);
    }
    const page = await response.text();
    const location = response.headers.get('location');
    if (location?.startsWith(returnTo)) return new URL(location).search.slice(1);
    if (location !== null) {
      next = new URL(location, next).href;
      form = undefined;
      continue;
    }
    const [, prompt = ''] = /name="prompt" value="(\w+)"/.exec(page) ?? [];
    next = new URL(/action="([^"]+)"/.exec(page)?.[1] ?? '', next).href;
    form = { prompt, ...(prompt === 'login' && { login, password: 'any' }) };
  }
  throw new Error('The browser does not come back.');
}

/** What a provider that errs, or lies, says instead. */
export interface Lies {
  claims?: Readonly<Record<string, unknown>>;
  userinfo?: Readonly<Record<string, unknown>>;
  /** Signs with a key it has not published. */
  foreignKey?: boolean;
  /** Answers the token request with this status. */
  tokenStatus?: number;
  /** Answers no token request at all. */
  silent?: boolean;
}

const keys = () => generateKeyPairSync('rsa', { modulusLength: 2048 });
const encoded = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A provider whose ID tokens the test writes. It remembers the nonce of the last authorization it was asked for. */
export async function startLiar() {
  const [own, foreign] = [keys(), keys()];
  const lies: Lies = {};
  const asked = { nonce: '', challenge: '' };
  const jwk = { ...own.publicKey.export({ format: 'jwk' }), kid: 'k', alg: 'RS256', use: 'sig' };

  const idToken = () => {
    const now = Math.floor(Date.now() / 1000);
    const standard = { iss: server.issuer, sub: 'liar-1', aud: clientId, iat: now, exp: now + 300 };
    const body = { ...standard, nonce: asked.nonce, ...lies.claims };
    const signed = `${encoded({ alg: 'RS256', kid: 'k' })}.${encoded(body)}`;
    const { privateKey } = lies.foreignKey ? foreign : own;
    return `${signed}.${sign('sha256', Buffer.from(signed), privateKey).toString('base64url')}`;
  };

  const token = async (request: IncomingMessage) => {
    const given = new URLSearchParams(await text(request));
    const challenge = createHash('sha256')
      .update(given.get('code_verifier') ?? '')
      .digest('base64url');
    if (challenge !== asked.challenge) return { status: 400, body: { error: 'invalid_grant' } };
    const body = { access_token: 'a', token_type: 'Bearer', id_token: idToken() };
    return { status: lies.tokenStatus ?? 200, body };
  };

  const answers: Record<string, (request: IncomingMessage) => Promise<{ status: number; body: object }>> = {
    '/.well-known/openid-configuration': async () => ({
      status: 200,
      body: {
        issuer: server.issuer,
        authorization_endpoint: `${server.issuer}/authorize`,
        token_endpoint: `${server.issuer}/token`,
        jwks_uri: `${server.issuer}/jwks`,
        userinfo_endpoint: `${server.issuer}/userinfo`,
        id_token_signing_alg_values_supported: ['RS256'],
        response_types_supported: ['code'],
        subject_types_supported: ['public'],
      },
    }),
    '/jwks': async () => ({ status: 200, body: { keys: [jwk] } }),
    '/token': token,
    '/userinfo': async () => ({ status: 200, body: { sub: 'liar-1', ...lies.userinfo } }),
  };

  const server = await listen(async (request, response) => {
    const answer = answers[new URL(request.url ?? '/', 'http://any').pathname];
    if (lies.silent && request.url === '/token') return;
    const { status, body } = (await answer?.(request)) ?? { status: 404, body: {} };
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });

  return {
    issuer: server.issuer,
    stop: server.stop,
    lies: (changed: Lies) => {
      for (const name of Object.keys(lies) as (keyof Lies)[]) delete lies[name];
      Object.assign(lies, changed);
    },
    /** The query with which it sends a browser back. */
    answerTo: (url: string, changed: Readonly<Record<string, string>> = {}) => {
      const given = new URL(url).searchParams;
      asked.nonce = given.get('nonce') ?? '';
      asked.challenge = given.get('code_challenge') ?? '';
      return new URLSearchParams({ code: 'c', state: given.get('state') ?? '', ...changed }).toString();
    },
  };
}
