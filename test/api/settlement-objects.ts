import type { EntityManager } from '@mikro-orm/postgresql';
import { v7 as uuid } from 'uuid';

/** A settlement with another library that has one line, and a netting in which the library took part; under one id. */
export async function createSettlement(rows: EntityManager, { library, at }: { library: string; at: Date }) {
  const id = uuid();
  const transaction = uuid();
  await rows.execute(
    `insert into ill_transaction (id, library, peer, side, about_id, kind, reference, number, service, terms, amount, currency, at)
     values (?, ?, 'elsewhere', 'supplier', ?, 'shipped', 'R', 'N', 'copy', 'free', 0, 'JPY', ?)`,
    [transaction, library, uuid(), at],
  );
  await rows.execute(
    `insert into ill_settlement (id, library, number, peer, currency, from_on, to_on, state, total, actor, drawn_at)
     values (?, ?, ?, 'elsewhere', 'JPY', '2026-01-01', ?, 'drawn', 0, 'system', ?)`,
    [id, library, id, `${2026 + Math.floor(Math.random() * 900)}-03-31`, at],
  );
  await rows.execute(
    `insert into ill_settlement_line (id, settlement_id, transaction_id, amount, state) values (?, ?, ?, 0, 'counted')`,
    [id, id, transaction],
  );
  await rows.execute(
    `insert into ill_netting (id, currency, actor, netted_at) values (?, 'JPY', 'system', ?)`,
    [id, at],
  );
  await rows.execute('insert into ill_netting_position (netting_id, library, amount) values (?, ?, 0)', [
    id,
    library,
  ]);
  return { id };
}

const line = { lineId: '0190b0a4-0000-7000-8000-000000000000', reason: 'We never got it.' };

export const settlementBodies: Readonly<Record<string, unknown>> = {
  'post /v1/staff/library-settlements/:id/confirmations': {},
  'post /v1/staff/library-settlements/:id/disputes': line,
  'post /v1/staff/library-settlements/:id/decisions': { ...line, decision: 'keep' },
  'post /v1/staff/library-settlements/:id/payments': {},
  'put /v1/staff/library-settlements/:id/their-statement': {
    lines: [{ side: 'supplier', reference: 'R', amountMinor: 1 }],
  },
  'post /v1/staff/library-nettings/:id/payments': {},
};
