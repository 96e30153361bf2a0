import { createHmac } from 'node:crypto';

/** One verification under way: what ties the provider's answer to the browser or portal that began it (RFC 9700). All of it derives from the id. */
export interface Flow {
  readonly state: string;
  readonly nonce: string;
  /** PKCE. */
  readonly verifier: string;
  /** Where the provider sends the browser. */
  readonly returnTo: string;
}

/** What is given to complete it: the query with which the browser came back, or a number and its secret. */
export type Given = { readonly query: string } | { readonly number: string; readonly password: string };

/** A campus member, as the provider describes them. */
export interface Person {
  /** Lasting, and never given to another. */
  readonly subject: string;
  /** Student or staff number. */
  readonly number: string | null;
  readonly name: string | null;
  readonly email: string | null;
  /** The provider says the address is verified, and the policy believes it about that domain. */
  readonly emailTrusted: boolean;
}

/**
 * Verifies that somebody is a member of the campus (A1). Throws `identity-failed` when what was given proves nothing, and `identity-unavailable` when the provider
 * cannot be asked.
 */
export interface IdentityService {
  /** Where to send the browser; undefined: the portal asks for number and password itself. */
  readonly begin: (flow: Flow) => Promise<string | undefined>;
  readonly complete: (flow: Flow, given: Given) => Promise<Person>;
}

/** The values of a verification, derived from its id and the installation's secret: nothing stored can be used to forge an answer. */
export function flowOf(secret: string, id: string, returnTo: string): Flow {
  const derive = (what: string) =>
    createHmac('sha256', secret).update(`identity-${what}:${id}`).digest('base64url');
  return {
    state: `${id}.${derive('state')}`,
    nonce: derive('nonce'),
    verifier: derive('verifier'),
    returnTo,
  };
}
