import type { EntityManager } from '@mikro-orm/postgresql';
import { v7 as uuid } from 'uuid';
import { MoneyDocument, Payment } from '../../db/entities/index.ts';

interface Owner {
  readonly library: string;
  readonly patronId: string;
  readonly at: Date;
}

/** A settled payment in cash with its receipt, of the booking given. */
export async function createReceipt(rows: EntityManager, journalId: string, owner: Owner) {
  const { library, patronId, at } = owner;
  const about = { library, patronId, currency: 'JPY', amount: 100n, actor: 'system' } as const;
  const paid = rows.create(Payment, {
    ...about,
    id: journalId,
    means: 'cash',
    state: 'settled',
    prepaid: 0n,
    received: 100n,
    begunAt: at,
    endedAt: at,
  });
  await rows.flush();
  const receipt = rows.create(MoneyDocument, {
    ...about,
    id: uuid(),
    kind: 'receipt',
    year: at.getUTCFullYear(),
    paymentId: paid.id,
    journalId,
    language: 'ja',
    content: { means: 'cash', lines: [{ cause: 'credit', amountMinor: 100 }] },
    issuedAt: at,
  });
  await rows.flush();
  return receipt;
}
