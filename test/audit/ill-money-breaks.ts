import type { Break } from './breaks.ts';

const id = (n: number): string => `00000000-0000-7000-8000-0000000e000${n}`;

/** A booking of one unit between two accounts that nothing else accounts for. */
const booked = (n: number, account: string, other = 'nowhere'): string => `
  insert into journal (id, library, operation, kind, at, actor) values ('${id(n)}', 'demo', 'ill-break-${n}', 'moved', now(), 'system');
  insert into posting (id, journal_id, account, amount, currency) values
    (gen_random_uuid(), '${id(n)}', '${account}', 1, 'EUR'), (gen_random_uuid(), '${id(n)}', '${other}', -1, 'EUR');`;

/** Something that was supplied; for one unit where it names a booking. */
const transaction = (journal?: number): string => `
  insert into ill_transaction (id, library, peer, side, about_id, kind, reference, number, service, terms, amount, currency, journal_id, at)
  values ('${id(7)}', 'demo', 'elsewhere', 'supplier', '${id(8)}', 'shipped', 'R', 'N', 'copy', 'account', ${journal === undefined ? 0 : 1}, 'EUR',
    ${journal === undefined ? 'null' : `'${id(journal)}'`}, now());`;

const settlement = (
  total: number,
  given: { readonly state?: string; readonly journal?: number } = {},
): string => {
  const { state = 'drawn', journal } = given;
  const settled = state === 'settled';
  return `
  insert into ill_settlement (id, library, number, peer, currency, from_on, to_on, state, total, actor, drawn_at, our_confirmed_at, their_confirmed_at, settled_at,
    settled_by, ended_at, journal_id)
  values ('${id(9)}', 'demo', 'S-break', 'elsewhere', 'EUR', '2026-01-01', '2026-03-31', '${state}', ${total}, 'system', now(), now(), now(),
    ${settled ? `now(), 'finance', now()` : 'null, null, null'}, ${journal === undefined ? 'null' : `'${id(journal)}'`});`;
};

const line = (state: string, amount: number): string => `
  insert into ill_settlement_line (id, settlement_id, transaction_id, amount, state)
  values (gen_random_uuid(), '${id(9)}', '${id(7)}', ${amount}, '${state}');`;

/** What could be wrong between libraries. */
export const illMoneyBreaks: readonly Break[] = [
  { name: 'ill-peer-account', sql: () => booked(1, 'peer:elsewhere') },
  {
    name: 'ill-transaction-booked',
    sql: () => `${booked(1, 'peer:elsewhere')} ${booked(2, 'somewhere')} ${transaction(2)}`,
  },
  {
    name: 'ill-shipped-booked',
    sql: () => `
      insert into supply_request (id, library, number, peer, their_ref, service, literature, title, content, delivery, status, received_at, shipped_at, ended_at)
      values ('${id(8)}', 'demo', 'N-break', 'elsewhere', 'R-break', 'copy', 'article', 'T', '{}', '{}', 'CopyCompleted', now(), now(), now());`,
  },
  { name: 'ill-settlement-lines', sql: () => settlement(1) },
  {
    name: 'ill-settlement-confirmed',
    sql: () => `${transaction()} ${settlement(0)} ${line('disputed', 0)}`,
  },
  {
    name: 'ill-settlement-paid',
    sql: () => `
      ${booked(1, 'peer:elsewhere')} ${booked(2, 'nowhere', 'peer:elsewhere')} ${booked(3, 'somewhere')}
      ${transaction(1)} ${settlement(1, { state: 'settled', journal: 3 })} ${line('counted', 1)}`,
  },
  {
    name: 'ill-netting-even',
    sql: () => `
      insert into ill_netting (id, currency, actor, netted_at) values ('${id(4)}', 'EUR', 'system', now());
      insert into ill_netting_position (netting_id, library, amount, settled_at, settled_by) values ('${id(4)}', 'demo', 1, now(), 'finance');`,
  },
  { name: 'ill-netting-account', sql: () => booked(5, 'netting:ill') },
];
