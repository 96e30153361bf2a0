import type { MikroORM } from '@mikro-orm/postgresql';
import { VerifiedIdentity } from '../db/entities/index.ts';
import { reader, type Tx } from '../db/transaction.ts';
import { isIdentitySecret } from '../domain/identity-link.ts';
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

/** What the provider says goes before what was written. */
export function withIdentity(form: Form, { name, number, email }: VerifiedIdentity): Form {
  return {
    ...form,
    ...(name && { name }),
    ...(number && { login: number }),
    email: form.email ?? email ?? '',
  };
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
