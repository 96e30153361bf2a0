import type { MikroORM } from '@mikro-orm/postgresql';
import { VerifiedIdentity } from '../db/entities/index.ts';
import { reader, type Tx } from '../db/transaction.ts';
import { isIdentitySecret } from '../domain/identity-link.ts';
import type { FieldCode, Procedure } from '../domain/policy-registration.ts';
import type { Form, Verified } from './application-form.ts';
import { problem } from './problem.ts';

/** What a browser holds of an identity that a provider has verified for it. */
export interface Held {
  readonly id: string;
  readonly secret: string;
}

interface Asked {
  readonly library: string;
  /** Any of the library's, if not stated. */
  readonly provider?: string;
  readonly held: Held | undefined;
  readonly secret: string;
  readonly now: number;
}

/** The identity a procedure needs, or that a reader binds (A1). Throws when there is none, or it has expired, been used or is another's. */
export async function identityFor(
  orm: MikroORM,
  { library, provider, held, secret, now }: Asked,
): Promise<VerifiedIdentity> {
  if (!held || !isIdentitySecret(secret, held.id, held.secret)) throw problem('identity-missing');
  const where = {
    id: held.id,
    library,
    ...(provider !== undefined && { provider }),
    usedAt: null,
    expiresAt: { $gt: new Date(now) },
  };
  const found = await reader(orm).findOne(VerifiedIdentity, where);
  if (!found) throw problem('identity-missing');
  return found;
}

/** What an account of this procedure cannot do without and the provider has not told: the name, and the number that is to be on the card. */
export function untoldBy({ name, number }: VerifiedIdentity, { grants }: Procedure): FieldCode[] {
  const untold: FieldCode[] = [];
  if (!name?.trim()) untold.push('name');
  if (!number && grants.card === 'login') untold.push('login');
  return untold;
}

/** What the provider says goes before what was written. */
export function withIdentity(form: Form, { name, number, email }: VerifiedIdentity): Form {
  return {
    ...form,
    ...(name?.trim() && { name }),
    ...(number && { login: number }),
    email: form.email ?? email ?? '',
  };
}

/** Name and number of a form that a provider has vouched for and the applicant is not asked for: a correction leaves them as they are. */
export function verifiedValues({ identity, fields }: Procedure, form: Form): Form {
  const kept = (['name', 'login'] as const).filter(
    (code) => identity !== undefined && form[code] && !fields.some((field) => field.code === code),
  );
  return Object.fromEntries(kept.map((code) => [code, form[code]]));
}

export function verifiedBy(
  { provider, subject, email, emailTrusted }: VerifiedIdentity,
  form: Form,
): Verified {
  return { provider, subject, emailTrusted: emailTrusted && email === form.email };
}

/** Uses an identity up, for one form alone. False when another request was quicker. */
export async function useUp(tx: Tx, { id }: VerifiedIdentity, now: number): Promise<boolean> {
  return (await tx.nativeUpdate(VerifiedIdentity, { id, usedAt: null }, { usedAt: new Date(now) })) > 0;
}
