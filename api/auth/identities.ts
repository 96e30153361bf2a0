import type { MikroORM } from '@mikro-orm/postgresql';
import { v7 } from 'uuid';
import {
  IdentityVerification,
  Patron,
  PatronIdentity,
  StaffMember,
  VerifiedIdentity,
} from '../../db/entities/index.ts';
import type { Tx } from '../../db/transaction.ts';
import { inTransaction, reader } from '../../db/transaction.ts';
import type { IdentityPurpose } from '../../domain/policy-identity.ts';
import type { Person } from '../identity/service.ts';
import { problem } from '../problem.ts';
import { recordAccess } from './credentials.ts';

/** From the beginning of a verification to its completion, and from there to the form; milliseconds. */
const verificationLastsMs = 10 * 60_000;
const identityLastsMs = 30 * 60_000;

export interface Begun {
  readonly library: string;
  readonly provider: string;
  readonly purpose: IdentityPurpose;
  readonly now: number;
}

/** Writes that a verification has begun; answers its id and its end (epoch milliseconds). */
export async function beginVerification(orm: MikroORM, { now, ...begun }: Begun) {
  const id = v7();
  const expiresAt = now + verificationLastsMs;
  const times = { createdAt: new Date(now), expiresAt: new Date(expiresAt) };
  await reader(orm).insert(IdentityVerification, { id, ...begun, ...times });
  return { id, expiresAt };
}

/** Claims a verification for one completion; of any number at the same instant one gets it. Throws `verification-expired`. */
export async function claimVerification(
  orm: MikroORM,
  id: string,
  now: number,
): Promise<IdentityVerification> {
  const em = reader(orm);
  const at = new Date(now);
  const open = { id, completedAt: null, expiresAt: { $gt: at } };
  if ((await em.nativeUpdate(IdentityVerification, open, { completedAt: at })) === 0)
    throw problem('verification-expired');
  return em.findOneOrFail(IdentityVerification, { id });
}

/** Lets a verification be completed after all: the provider could not be asked, or the secret was mistyped. */
export async function releaseVerification(orm: MikroORM, id: string): Promise<void> {
  await reader(orm).nativeUpdate(IdentityVerification, { id }, { completedAt: null });
}

type Verification = Pick<IdentityVerification, 'id' | 'library' | 'provider'>;

/** The reader whose account the identity belongs to; undefined when it is nobody's, null when that account is closed. */
export async function boundReader(
  tx: Tx,
  { library, provider }: Pick<Verification, 'library' | 'provider'>,
  subject: string,
): Promise<Patron | null | undefined> {
  const bound = await tx.findOne(PatronIdentity, { library, provider, subject });
  if (bound === null) return undefined;
  return tx.findOne(Patron, { id: bound.patronId, closedAt: null });
}

/** The member of staff whose institutional account it is. */
export function staffWith(tx: Tx, library: string, oidcSubject: string): Promise<StaffMember | null> {
  return tx.findOne(StaffMember, { library, oidcSubject, active: true });
}

/** Keeps for half an hour what a provider has said, for one form or one account. */
export function keepIdentity(
  tx: Tx,
  verification: Verification,
  person: Person,
  now: number,
): VerifiedIdentity {
  const { id, library, provider } = verification;
  return tx.create(VerifiedIdentity, {
    id,
    library,
    provider,
    ...person,
    createdAt: new Date(now),
    expiresAt: new Date(now + identityLastsMs),
  });
}

interface Binding {
  readonly patron: Pick<Patron, 'id' | 'library'>;
  readonly identity: VerifiedIdentity;
  readonly now: number;
}

/** Gives a verified identity to the account of a reader who is signed in. Throws `identity-bound` when it, or the account, is bound otherwise. */
export async function bindOwnIdentity(
  orm: MikroORM,
  { patron, identity, now }: Binding,
): Promise<PatronIdentity> {
  const { library, provider, subject } = identity;
  return inTransaction(orm, async (tx) => {
    const at = new Date(now);
    await tx.execute(
      `insert into patron_identity (id, library, patron_id, provider, subject, bound_at) values (?, ?, ?, ?, ?, ?)
       on conflict do nothing`,
      [v7(), library, patron.id, provider, subject, at],
    );
    const bound = await tx.findOne(PatronIdentity, { patronId: patron.id, provider });
    if (bound?.subject !== subject) throw problem('identity-bound');
    const unused = { id: identity.id, usedAt: null };
    if ((await tx.nativeUpdate(VerifiedIdentity, unused, { usedAt: at })) === 0)
      throw problem('identity-missing');
    if (bound.boundAt.getTime() === now)
      recordAccess(tx, patron, 'identity-bound', `patron:${patron.id}`, now);
    return bound;
  });
}

/** Takes an identity from the reader's account. Throws `identity-unknown`. */
export async function unbindOwnIdentity(orm: MikroORM, id: string, patron: Binding['patron'], now: number) {
  await inTransaction(orm, async (tx) => {
    if ((await tx.nativeDelete(PatronIdentity, { id, patronId: patron.id })) === 0)
      throw problem('identity-unknown');
    recordAccess(tx, patron, 'identity-unbound', `patron:${patron.id}`, now);
  });
}
