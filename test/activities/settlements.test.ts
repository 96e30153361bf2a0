import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { v7 as uuid } from 'uuid';
import { readSettlementFile } from '../../activities/gateways/settlement-file.ts';
import { keepSettlementFile } from '../../db/settlement-files.ts';
import { type ActivityBench, startActivities } from '../support/activities.ts';

const actor = 'staff:00000000-0000-7000-8000-000000000001' as const;
const head = 'id,kind,payment,payout,gross,fee,net,currency,at';
const at = '2026-11-20T09:00:00Z';

let bench: ActivityBench;
let provider: string;
beforeAll(async () => {
  bench = await startActivities();
  provider = bench.policy.money.ways.online[0]?.code ?? '';
});
afterAll(() => bench.stop());

async function take(...lines: string[]) {
  const content = Buffer.from([head, ...lines].join('\n'));
  const hash = createHash('sha256').update(content).digest('hex');
  const given = { id: uuid(), library: 'demo', provider, hash, content, actor, at: new Date() };
  const fileId = await keepSettlementFile(bench.orm, given);
  return bench.perform((does) =>
    does.importSettlement({ library: 'demo', fileId, actor, operation: uuid(), now: Date.UTC(2026, 10, 21) }),
  );
}

async function balances() {
  const rows = await bench.rows<{ account: string; amount: string }>(
    'select account, sum(amount)::text as amount from posting group by account order by account',
  );
  return Object.fromEntries(rows.map(({ account, amount }) => [account, Number(amount)]));
}

describe('settlement files', () => {
  const first = `t1,payment,pi_1,po_1,1000,29,971,EUR,${at}`;
  const second = `t2,payment,pi_2,po_1,500,15,485,EUR,${at}`;
  const back = `re_1,refund,pi_1,po_1,-300,0,-300,EUR,${at}`;
  const payout = `t4,payout,po_1,po_1,-1156,0,-1156,EUR,${at}`;

  test('P9 fees are booked against the gateway, and what it gave back unknown to us waits apart', async () => {
    expect(await take(first, second, back, payout)).toMatchObject({ lines: 4, added: 4 });
    expect(await balances()).toEqual({
      [`fee:${provider}`]: 44,
      [`gateway:${provider}`]: -344,
      [`returned:${provider}`]: 300,
    });
  });

  test('P9 the same file twice, and one that overlaps, book nothing twice', async () => {
    const before = await balances();
    expect(await take(first, second, back, payout)).toMatchObject({ lines: 4, added: 0 });
    expect(await take(second, first)).toMatchObject({ lines: 2, added: 0 });
    expect(await balances()).toEqual(before);
    expect(await take(first, `t5,fee,,po_2,-200,0,-200,EUR,${at}`)).toMatchObject({ lines: 2, added: 1 });
    expect(await balances()).toMatchObject({ [`fee:${provider}`]: 244 });
  });

  test('P9 a file that is not as it should be is refused by its line, and nothing of it is taken over', async () => {
    const refused = { code: 'settlement-file-unreadable', line: 3 };
    const good = `t6,payment,pi_6,po_2,100,3,97,EUR,${at}`;
    for (const wrong of [
      `t7,payment,pi_7,po_2,100,3,98,EUR,${at}`,
      `t7,payment,pi_7,po_2,1.5,0,1.5,EUR,${at}`,
      `t7,gift,pi_7,po_2,100,3,97,EUR,${at}`,
      `t7,payment,pi_7,po_2,100,3,97,EUR,yesterday`,
      't7,payment',
    ])
      expect({ wrong, answer: await take(good, wrong) }).toEqual({ wrong, answer: { refused: [refused] } });
    expect(await bench.rows(`select from settlement_line where key = 't6'`)).toEqual([]);
  });
});

test('P9 Stripe’s itemised reports are read in the currency’s own minor units', () => {
  const csv = (rows: string[]) =>
    Buffer.from(
      [
        '"balance_transaction_id","created_utc","reporting_category","currency","gross","fee","net","source_id","charge_id","payment_intent_id","automatic_payout_id"',
        ...rows,
      ].join('\r\n'),
    );
  expect(
    readSettlementFile(
      'stripe',
      csv([
        '"txn_1","2026-11-20 09:00:00","charge","eur","10.00","0.29","9.71","ch_1","ch_1","pi_1","po_1"',
        '"txn_2","2026-11-20 09:00:00","charge","jpy","550","20","530","ch_2","ch_2","pi_2","po_2"',
        '"txn_3","2026-11-21 09:00","refund","eur","-10.00","0","-10.00","re_1","ch_1","pi_1","po_1"',
        '"txn_4","2026-11-22 09:00:00","payout","kwd","1.005","0.000","1.005","po_1","","",""',
      ]),
    ),
  ).toEqual([
    {
      key: 'txn_1',
      kind: 'payment',
      providerRef: 'pi_1',
      payout: 'po_1',
      gross: 1000n,
      fee: 29n,
      net: 971n,
      currency: 'EUR',
      occurredAt: '2026-11-20T09:00:00Z',
    },
    expect.objectContaining({ gross: 550n, fee: 20n, currency: 'JPY' }),
    expect.objectContaining({
      kind: 'refund',
      providerRef: 're_1',
      net: -1000n,
      occurredAt: '2026-11-21T09:00:00Z',
    }),
    expect.objectContaining({ kind: 'payout', payout: 'po_1', gross: -1005n, net: -1005n }),
  ]);
  expect(
    readSettlementFile(
      'stripe',
      csv(['"txn_1","2026-11-20 09:00:00","charge","jpy","5.5","0","5.5","","","",""']),
    ),
  ).toEqual({ line: 2 });
});
