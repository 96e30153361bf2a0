import type { DrawerSession } from '../../db/entities/index.ts';
import { lockDrawer } from '../../db/locks.ts';
import type { Tx } from '../../db/transaction.ts';
import type { LibraryPolicy } from '../../domain/policy.ts';
import type { Reason } from '../../domain/refusal.ts';
import { cash } from '../ledger.ts';

/** A branch's till, locked until the transaction ends: what is booked into it meanwhile belongs to its open session. */
export interface Till {
  readonly library: string;
  readonly branch: string;
  /** Undefined while nobody has counted and opened it. */
  readonly session: DrawerSession | undefined;
}

/** Locks a branch's till. The last of all locks. */
export async function lockTill(tx: Tx, library: string, branch: string): Promise<Till> {
  return { library, branch, session: await lockDrawer(tx, library, branch) };
}

/** What is said of a booking at the desk: which session it belongs to. */
export function inTill({ session }: Till): { drawerId?: string } {
  return session ? { drawerId: session.id } : {};
}

/** Cash is taken only while the till is open, where the policy wants that (P3). */
export function sessionReasons({ money }: Pick<LibraryPolicy, 'money'>, till: Till): Reason[] {
  const { cash: way } = money.ways;
  const needed = way !== 'none' && way.session === 'needed';
  return needed && !till.session ? [{ code: 'drawer-closed', branch: till.branch }] : [];
}

/** No more leaves a till than is in it. */
export async function contentReasons(tx: Tx, till: Till, amount: bigint): Promise<Reason[]> {
  const content = await contentOf(tx, till);
  return content < amount ? [{ code: 'drawer-too-little', inDrawerMinor: Number(content) }] : [];
}

/** What the ledger says is in a till, in minor units. While it is open its session's bookings are enough to tell. */
export async function contentOf(tx: Tx, { library, branch, session }: Till): Promise<bigint> {
  await tx.flush();
  const [sql, of] = session ? [bySession, session.id] : [byAccount, library];
  const [row] = await tx.execute<{ amount: string }[]>(sql, [cash(branch), of]);
  return BigInt(row?.amount ?? 0) + (session?.openingBooked ?? 0n);
}

const bySession = `select coalesce(sum(amount), 0)::text as amount from journal join posting on posting.journal_id = journal.id
  where account = ? and drawer_id = ?`;
const byAccount = `select coalesce(sum(amount), 0)::text as amount from posting join journal on journal.id = posting.journal_id
  where account = ? and library = ?`;
