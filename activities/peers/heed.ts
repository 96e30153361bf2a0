import { IllMessage } from '../../db/entities/index.ts';
import type { Tx } from '../../db/transaction.ts';
import type { Body } from '../../iso18626/message.ts';

type Spoken = 'request' | 'supplyingAgencyMessage' | 'requestingAgencyMessage';

/** A message as it was kept: what it says without its header. */
export type StoredMessage = {
  readonly [N in Spoken]: {
    readonly name: N;
    readonly body: Omit<Body<N>, 'header'>;
    readonly row: IllMessage;
  };
}[Spoken];

/**
 * The messages about an attempt or an outside request that were taken in and have not been heeded, in the order in which they came. Heed each under the lock of what it is about, and settle it
 * in the same transaction.
 */
export async function storedFor(tx: Tx, aboutId: string): Promise<StoredMessage[]> {
  const rows = await tx.find(IllMessage, { aboutId, state: 'stored' }, { orderBy: { seq: 'asc' } });
  return rows.map((row) => ({ name: row.name, body: row.body, row }) as unknown as StoredMessage);
}

/** A stored message has been heeded, came too late to change anything, or could not be followed. */
export function settleMessage(
  { row }: Pick<StoredMessage, 'row'>,
  state: 'heeded' | 'outdated' | 'refused',
  at: Date,
): void {
  row.state = state;
  row.settledAt = at;
}

/**
 * The messages about an attempt or an outside request that its peer refused (`error` says what it answered), or that were given up after days without getting through, and that nobody has
 * noticed yet.
 */
export async function unsent(tx: Tx, aboutId: string): Promise<StoredMessage[]> {
  const lost = {
    aboutId,
    direction: 'out',
    state: { $in: ['refused', 'given-up'] },
    settledAt: null,
  } as const;
  const rows = await tx.find(IllMessage, lost, { orderBy: { seq: 'asc' } });
  return rows.map((row) => ({ name: row.name, body: row.body, row }) as unknown as StoredMessage);
}

/** Somebody has drawn the consequences of a message that did not get through. */
export function noticeUnsent({ row }: Pick<StoredMessage, 'row'>, at: Date): void {
  row.settledAt = at;
}
