import { z } from 'zod';
import { localised } from './policy-values.ts';

/** A provider on this very machine may be without TLS, for development and tests. */
function isSafeAddress(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname } = new URL(text);
  return protocol === 'https:' || (protocol === 'http:' && ['localhost', '127.0.0.1'].includes(hostname));
}

const address = z.string().refine(isSafeAddress, 'must begin with https://');

const claim = z.string().min(1).max(200);

/**
 * Which claim says what. The subject must never change hands at the provider, so it cannot be an e-mail address; an account is found by it alone.
 */
const claims = z.strictObject({
  subject: claim
    .refine((name) => name !== 'email', 'an e-mail address can change hands: choose a lasting claim')
    .default('sub'),
  number: claim.default('preferred_username'),
  name: claim.default('name'),
  email: claim.default('email'),
});

const common = {
  code: z.string().regex(/^[a-z][a-z0-9-]*$/, 'a code has small letters, digits and hyphens'),
  name: localised,
  /**
   * Domains whose addresses the provider itself hands out: what it says is verified need not be confirmed by a mail. Of any other domain it is not believed.
   */
  emailDomains: z.array(z.string().regex(/^[a-z0-9.-]+$/, 'write a domain in small letters')).default([]),
};

const oidc = z.strictObject({
  ...common,
  kind: z.literal('oidc'),
  issuer: address,
  clientId: z.string().min(1),
  /** How the client says who it is; its secret is in `CARREL_OIDC_SECRETS`. */
  clientAuthentication: z.enum(['basic', 'post']).default('basic'),
  scopes: z.array(z.string().min(1)).default(['openid', 'profile', 'email']),
  claims: claims.prefault({}),
  /** Ways of signing in of which the provider must have used one: its `acr` values. */
  acr: z.array(z.string().min(1)).default([]),
  /**
   * Of staff: `required`, their second factor here is asked for as after a password; `trusted`, the library answers for it that the institution asks for one of its
   * own.
   */
  secondFactor: z.enum(['required', 'trusted']).default('required'),
  /** Who may sign in with it. */
  for: z
    .array(z.enum(['reader', 'staff']))
    .min(1)
    .default(['reader']),
  /** The page the browser comes back to; `/identity`, of staff `/staff/identity`, under `PUBLIC_URL` unless stated. */
  returnTo: z.strictObject({ reader: address.optional(), staff: address.optional() }).prefault({}),
});

const members = z.strictObject({
  ...common,
  kind: z.literal('members'),
  /** In the folder `CARREL_MEMBERS`. */
  file: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9_-]*\.(?:csv|yaml)$/, 'write the name of a file: members.csv'),
});

const provider = z.discriminatedUnion('kind', [oidc, members]);

/**
 * Who can say who somebody is (A1): an OpenID Connect provider, or, for libraries without one, a list of members with secrets. For readers, and – OpenID Connect
 * only – for staff (A13).
 */
export const identityPolicy = z.strictObject({
  providers: z
    .array(provider)
    .refine(
      (given) => new Set(given.map(({ code }) => code)).size === given.length,
      'a provider is stated twice',
    )
    .refine(
      (given) => given.filter((each) => purposesOf(each).includes('staff')).length <= 1,
      'staff are known by their subject at one provider alone',
    )
    .default([]),
});

export type IdentityPolicy = z.output<typeof identityPolicy>;
export type IdentityProvider = z.output<typeof provider>;
export type OidcProvider = z.output<typeof oidc>;
export type MembersProvider = z.output<typeof members>;
export type IdentityPurpose = 'reader' | 'staff';

/** The provider of that code, if it serves that purpose. */
export function findProvider(
  { providers }: IdentityPolicy,
  code: string,
  purpose: IdentityPurpose,
): IdentityProvider | undefined {
  return providers.find((each) => each.code === code && purposesOf(each).includes(purpose));
}

export function purposesOf(given: IdentityProvider): readonly IdentityPurpose[] {
  return given.kind === 'oidc' ? given.for : ['reader'];
}

/** Whether staff who come from that provider have given all it takes (A13); not unless the policy says so. */
export function trustsSecondFactor(policy: IdentityPolicy, code: string): boolean {
  const found = findProvider(policy, code, 'staff');
  return found?.kind === 'oidc' && found.secondFactor === 'trusted';
}
