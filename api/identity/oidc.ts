import * as client from 'openid-client';
import type { OidcProvider } from '../../domain/policy-identity.ts';
import { problem } from '../problem.ts';
import { personOf } from './person.ts';
import type { Flow, Given, IdentityService, Person } from './service.ts';

/** For each request to the provider; seconds. */
const timeout = 5;

/** How long what the provider says of itself is used; milliseconds. */
const discoveryLastsMs = 3_600_000;

const unavailable = (cause: unknown) =>
  Object.assign(problem('identity-unavailable', {}, { headers: { 'Retry-After': '30' } }), { cause });

const failed = (cause: unknown) => Object.assign(problem('identity-failed'), { cause });

function chainOf(error: unknown): unknown[] {
  const chain: unknown[] = [];
  for (let each = error; each != null && chain.length < 8; each = (each as { cause?: unknown }).cause)
    chain.push(each);
  return chain;
}

/** Whether it was the provider that did not work, and not what it was asked. */
function isOutage(error: unknown): boolean {
  return chainOf(error).some((each) => {
    const { name, code, status, message } = each as Record<string, unknown>;
    if (typeof status === 'number') return status >= 500 || status === 429;
    if (['TimeoutError', 'AbortError'].includes(String(name)) || code === 'OAUTH_TIMEOUT') return true;
    return each instanceof TypeError && /fetch failed|network/i.test(String(message));
  });
}

/** Tells an outage from an answer that proves nothing. Neither repeats what the provider said. */
const problemOf = (error: unknown) => (isOutage(error) ? unavailable(error) : failed(error));

function discover(provider: OidcProvider, clientSecret: string): Promise<client.Configuration> {
  const { issuer, clientId, clientAuthentication } = provider;
  const authentication =
    clientAuthentication === 'basic'
      ? client.ClientSecretBasic(clientSecret)
      : client.ClientSecretPost(clientSecret);
  const insecure = issuer.startsWith('http:') ? [client.allowInsecureRequests] : [];
  // Signatures are checked although the tokens come from the provider itself: a proxy in between may not be trusted.
  const execute = [client.enableNonRepudiationChecks, ...insecure];
  return client.discovery(new URL(issuer), clientId, undefined, authentication, { timeout, execute });
}

interface Known {
  readonly until: number;
  readonly configuration: Promise<client.Configuration>;
}

/** Asks the provider once an hour what it is; a failure is not remembered. */
function cachedDiscovery(provider: OidcProvider, clientSecret: string, clock: () => number) {
  let known: Known | undefined;
  return async (): Promise<client.Configuration> => {
    if (known === undefined || known.until <= clock())
      known = { until: clock() + discoveryLastsMs, configuration: discover(provider, clientSecret) };
    const asked = known;
    try {
      return await asked.configuration;
    } catch (error) {
      if (known === asked) known = undefined;
      throw unavailable(error);
    }
  };
}

/** The page the browser came back to, with the parts of the query that belong to the protocol. */
function cameBack({ returnTo }: Flow, query: string): URL {
  const url = new URL(returnTo);
  const given = new URLSearchParams(query);
  for (const name of ['code', 'state', 'iss', 'error', 'error_description'])
    for (const value of given.getAll(name)) url.searchParams.append(name, value);
  return url;
}

type Claims = Readonly<Record<string, unknown>>;

async function claimsOf(configuration: client.Configuration, url: URL, flow: Flow): Promise<Claims> {
  const tokens = await client.authorizationCodeGrant(configuration, url, {
    expectedState: flow.state,
    expectedNonce: flow.nonce,
    pkceCodeVerifier: flow.verifier,
    idTokenExpected: true,
  });
  const claims = tokens.claims();
  if (claims === undefined) throw new Error('There is no ID token.');
  if (configuration.serverMetadata().userinfo_endpoint === undefined) return claims;
  const more = await client.fetchUserInfo(configuration, tokens.access_token, claims.sub);
  return { ...more, ...claims };
}

function readPerson(provider: OidcProvider, claims: Claims): Person {
  const { subject, number, name, email } = provider.claims;
  if (provider.acr.length > 0 && !provider.acr.some((value) => value === claims.acr))
    throw failed('The provider used another way of signing in.');
  const person = personOf(provider, {
    subject: claims[subject],
    number: claims[number],
    name: claims[name],
    email: claims[email],
    emailVerified: claims.email_verified,
  });
  if (person === undefined) throw failed('The provider names no subject.');
  return person;
}

export interface OidcOptions {
  readonly provider: OidcProvider;
  /** Undefined: none is configured, and nobody can be verified. */
  readonly clientSecret: string | undefined;
  readonly clock: () => number;
}

/** OpenID Connect: authorization code with PKCE; state and nonce belong to one verification (A1, A13). */
export function createOidcService({ provider, clientSecret, clock }: OidcOptions): IdentityService {
  if (clientSecret === undefined) {
    const refuse = async (): Promise<never> => {
      throw unavailable('The provider has no client secret.');
    };
    return { begin: refuse, complete: refuse };
  }
  const configured = cachedDiscovery(provider, clientSecret, clock);
  return {
    begin: async (flow) => {
      const configuration = await configured();
      const url = client.buildAuthorizationUrl(configuration, {
        redirect_uri: flow.returnTo,
        scope: provider.scopes.join(' '),
        state: flow.state,
        nonce: flow.nonce,
        code_challenge: await client.calculatePKCECodeChallenge(flow.verifier),
        code_challenge_method: 'S256',
        ...(provider.acr.length > 0 && { acr_values: provider.acr.join(' ') }),
      });
      return url.href;
    },
    complete: async (flow: Flow, given: Given) => {
      if (!('query' in given)) throw failed('The query is missing.');
      const configuration = await configured();
      const claims = await claimsOf(configuration, cameBack(flow, given.query), flow).catch(
        (error: unknown) => {
          throw problemOf(error);
        },
      );
      return readPerson(provider, claims);
    },
  };
}
