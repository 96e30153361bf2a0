import type { Patron } from '../../db/entities/index.ts';
import type { Tx } from '../../db/transaction.ts';
import type { LibraryPolicy } from '../../domain/policy.ts';
import type { Actor } from '../../domain/roles.ts';
import { type Handed, issueForHanded } from '../documents/receipts.ts';
import { book, type Line } from '../ledger.ts';
import { patronSubject, record } from '../record.ts';
import { inTill, type Till } from './tills.ts';

/** Money that goes over the desk and is no payment. */
export interface Handing {
  /** The booking's own id. */
  readonly id: string;
  readonly operation: string;
  readonly kind: string;
  readonly lines: readonly Line[];
  /** What the reader's story tells of it. */
  readonly event: { readonly kind: string; readonly detail: Readonly<Record<string, unknown>> };
  readonly document: Pick<Handed, 'kind' | 'amountMinor' | 'means'>;
  readonly at: Date;
  readonly actor: Actor;
}

/** Books what goes over the desk and is no payment (A6, P2, P10) with its receipt. Answers the notice with it, to be delivered after the commit. Reader and till are locked. */
export async function handOver(
  tx: Tx,
  policy: LibraryPolicy,
  patron: Patron,
  till: Till,
  { id, operation, kind, lines, event, document, at, actor }: Handing,
): Promise<readonly string[]> {
  const { library, id: patronId } = patron;
  const { currency } = policy;
  await book(tx, { id, library, patronId, currency, at, actor, ...inTill(till), operation, kind, lines });
  const detail = { ...event.detail, amountMinor: document.amountMinor, currency };
  record(tx, patronSubject(patron), { kind: event.kind, actor, at, detail });
  await tx.flush();
  return (await issueForHanded(tx, policy, patron, { ...document, journalId: id, at, actor })).deliver;
}
