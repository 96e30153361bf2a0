import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { v7 as uuid } from 'uuid';
import { isInvoiced } from '../../activities/documents/invoices.ts';
import { settlePayment } from '../../activities/payments/settle-payment.ts';
import { lockFamily, lockPayment } from '../../db/locks.ts';
import { personalTables } from '../../db/personal-data/index.ts';
import { inTransaction, reader } from '../../db/transaction.ts';
import { type ActivityBench, startActivities } from '../support/activities.ts';
import { createCashDesk } from '../support/documents.ts';

let bench: ActivityBench;
let desk: ReturnType<typeof createCashDesk>;
beforeAll(async () => {
  bench = await startActivities({ library: 'zju' });
  desk = createCashDesk(bench, 'zijingang');
});
afterAll(() => bench?.stop());

const now = Date.parse('2026-06-10T03:00:00Z');
const day = 86_400_000;
const external = (given: object = {}) =>
  bench.build.patron({ userGroup: 'external', language: 'zh', name: '李秘密', ...given });
const campus = () => bench.build.patron({ userGroup: 'campus', language: 'zh' });
const codes = (answer: object) =>
  'refused' in answer ? (answer.refused as { code: string }[]).map(({ code }) => code) : answer;

async function reverse(paymentId: string, at: number) {
  const remarkId = uuid();
  await bench.rows(
    `insert into remark (id, library, author, text, created_at) values (?, 'zju', ?, 'mistake', now())`,
    [remarkId, uuid()],
  );
  const step = { operation: uuid(), now: at, actor: 'staff:1' } as const;
  return bench.activities.reversePayment({ paymentId, library: 'zju', remarkId, ...step });
}

describe('receipts', () => {
  test('P3 every payment has one, with what was paid and no names', async () => {
    const { id } = await external();
    const overdue = await desk.charge(id, 'overdue', 10, now);
    const delivery = await desk.charge(id, 'document-delivery', 500, now);
    const { paymentId, deliver } = await desk.pay(id, { [overdue]: 10, [delivery]: 300 }, now);
    const [receipt] = await bench.rows<{ kind: string; amount: number; content: object; language: string }>(
      'select kind, amount::int, content, language from money_document where payment_id = ?',
      [paymentId],
    );
    expect(receipt).toEqual({
      kind: 'receipt',
      amount: 310,
      language: 'zh',
      content: {
        means: 'cash',
        lines: [
          { cause: 'overdue', amountMinor: 10, chargeId: overdue, raisedOn: '2026-06-10' },
          { cause: 'document-delivery', amountMinor: 300, chargeId: delivery, raisedOn: '2026-06-10' },
        ],
      },
    });
    expect(JSON.stringify(receipt)).not.toContain('李');
    expect(deliver).toHaveLength(1);
    const second = await desk.pay(id, { [delivery]: 200 }, now);
    expect(await desk.documents('payment_id = ?', second.paymentId)).toHaveLength(1);
  });

  test('P3 campus members who pay in cash get a settlement slip, others a receipt', async () => {
    const [ours, theirs] = [await campus(), await external()];
    const slip = await desk.paid(ours.id, now);
    const receipt = await desk.paid(theirs.id, now);
    expect(await desk.documents('payment_id = ?', slip.paymentId)).toMatchObject([{ kind: 'slip' }]);
    expect(await desk.documents('payment_id = ?', receipt.paymentId)).toMatchObject([{ kind: 'receipt' }]);
  });

  test('P10 a payment that is taken back has a cancellation that names the receipt', async () => {
    const { id } = await external();
    const { paymentId } = await desk.paid(id, now);
    const [receipt] = await desk.documents('payment_id = ?', paymentId);
    expect(await reverse(paymentId, now + 1)).toMatchObject({ paymentId });
    const [cancellation] = await bench.rows<{ cancels: string; named: string; amount: number }>(
      `select cancels, content ->> 'cancels' as named, amount::int from money_document where payment_id = ? and kind = 'cancellation'`,
      [paymentId],
    );
    const named = `R-2026-${String(receipt?.number).padStart(6, '0')}`;
    expect(cancellation).toEqual({ cancels: receipt?.id, named, amount: 500 });
    expect(codes(await reverse(paymentId, now + 2))).toEqual(['payment-reversed']);
    expect(await desk.documents('payment_id = ?', paymentId)).toHaveLength(2);
  });

  test('P3 numbers begin again with the civil year of the library, not of UTC', async () => {
    const { id } = await external();
    const lastMoment = Date.parse('2028-12-31T15:59:59.999Z');
    await desk.paid(id, lastMoment - 1000);
    await desk.paid(id, lastMoment);
    await desk.paid(id, lastMoment + 1);
    const found = await desk.documents(`patron_id = ? and kind = 'receipt'`, id);
    expect(found.map(({ year, number }) => [year, number])).toEqual([
      [2028, 1],
      [2028, 2],
      [2029, 1],
    ]);
  });

  test('P10 nothing of a document can be changed or deleted, and its number not given twice', async () => {
    const { id } = await external();
    const { paymentId } = await desk.paid(id, now);
    for (const sql of [
      'update money_document set amount = amount + 1 where payment_id = ?',
      'update money_document set number = number + 1 where payment_id = ?',
      'update money_document set number = null where payment_id = ?',
      'delete from money_document where payment_id = ?',
    ])
      await expect(bench.rows(sql, [paymentId])).rejects.toThrow('append-only');
  });
});

describe('invoices', () => {
  test('P6 only document delivery is invoiced, and each part of it once', async () => {
    const { id } = await external();
    const { paymentId } = await desk.paid(id, now, ['document-delivery', 'overdue', 'document-delivery']);
    const issued = await desk.invoice(await desk.request(id, paymentId, now), now + day);
    expect(issued).toMatchObject({ documentId: expect.any(String), deliver: [expect.any(String)] });
    const [invoice] = await bench.rows<{ amount: number; causes: string[] }>(
      `select amount::int, array(select line ->> 'cause' from jsonb_array_elements(content -> 'lines') line) as causes
       from money_document where payment_id = ? and kind = 'invoice'`,
      [paymentId],
    );
    expect(invoice).toEqual({ amount: 1000, causes: ['document-delivery', 'document-delivery'] });
    const [request] = await bench.rows<{ id: string }>(
      'select id from invoice_request where payment_id = ?',
      [paymentId],
    );
    expect(codes(await desk.invoice(request?.id ?? '', now + day))).toEqual(['invoice-issued']);
    expect(await desk.documents(`payment_id = ? and kind = 'invoice'`, paymentId)).toHaveLength(1);
  });

  test('P6 after the invoice the payment is not taken back; before it it is, and then not invoiced', async () => {
    const { id } = await external();
    const [first, second] = [await desk.paid(id, now), await desk.paid(id, now)];
    await desk.invoice(await desk.request(id, first.paymentId, now), now);
    expect(await isInvoiced(reader(bench.orm), first.paymentId)).toBe(true);
    expect(codes(await reverse(first.paymentId, now + 1))).toEqual(['payment-invoiced']);
    const request = await desk.request(id, second.paymentId, now);
    expect(await reverse(second.paymentId, now + 1)).toMatchObject({ patronId: id });
    expect(codes(await desk.invoice(request, now + 2))).toEqual(['invoice-nothing']);
  });

  test('P6 P10 what was invoiced is not taken back as a mistake; taken back before, it is not invoiced', async () => {
    const { id } = await external();
    const takeBack = async (chargeId: string) => {
      const remarkId = uuid();
      await bench.rows(
        `insert into remark (id, library, author, text, created_at) values (?, 'zju', ?, 'mistake', now())`,
        [remarkId, uuid()],
      );
      const step = { operation: uuid(), now: now + 1, actor: 'staff:1' } as const;
      return bench.activities.takeBackCharge({ chargeId, library: 'zju', remarkId, ...step });
    };
    const [one, other] = [
      await desk.charge(id, 'document-delivery', 500, now),
      await desk.charge(id, 'document-delivery', 500, now),
    ];
    const first = await desk.pay(id, { [one]: 500 }, now);
    const second = await desk.pay(id, { [other]: 500 }, now);
    await desk.invoice(await desk.request(id, first.paymentId, now), now);
    expect(codes(await takeBack(one))).toEqual(['charge-invoiced']);
    expect(await takeBack(other)).toMatchObject({ creditedMinor: 500 });
    expect(codes(await desk.invoice(await desk.request(id, second.paymentId, now), now + 2))).toEqual([
      'invoice-nothing',
    ]);
  });

  test('P6 every reason against an invoice is told', async () => {
    const { id } = await external();
    const overdue = await desk.paid(id, now, ['overdue']);
    const late = now + 91 * day;
    expect(codes(await desk.invoice(await desk.request(id, overdue.paymentId, now), late))).toEqual([
      'invoice-nothing',
      'invoice-too-late',
    ]);
    const lastDay = await desk.paid(id, now);
    expect(await desk.invoice(await desk.request(id, lastDay.paymentId, now), now + 90 * day)).toMatchObject({
      documentId: expect.any(String),
    });
    const member = await campus();
    const slip = await desk.paid(member.id, now);
    expect(codes(await desk.invoice(await desk.request(member.id, slip.paymentId, now), now))).toEqual([
      'invoice-not-offered',
    ]);
  });

  test('P5 one that is asked for before the money comes is issued with it; one that was refused is not', async () => {
    const { id } = await external();
    const chargeId = await desk.charge(id, 'document-delivery', 500, now);
    const waiting = (state: 'open' | 'settled') => {
      const paymentId = uuid();
      return bench.orm.em.fork().transactional(async (tx) => {
        await tx.execute(
          `insert into payment (id, library, patron_id, means, state, amount, currency, actor, begun_at, ended_at)
           values (?, 'zju', ?, 'bank', ?, 500, 'CNY', 'system', now(), case when ? = 'settled' then now() end)`,
          [paymentId, id, state, state],
        );
        await tx.execute(
          'insert into payment_line (payment_id, charge_id, position, amount, open) values (?, ?, 0, 500, ?)',
          [paymentId, chargeId, state === 'open'],
        );
        return paymentId;
      });
    };
    const settle = (paymentId: string) =>
      inTransaction(bench.orm, async (tx) => {
        const family = await lockFamily(tx, id);
        const payment = await lockPayment(tx, paymentId);
        if (!family || !payment) throw new Error('There is no such payment.');
        const account = 'bank:main';
        const money = {
          operation: uuid(),
          account,
          amount: 500n,
          at: new Date(now),
          actor: 'system',
        } as const;
        return settlePayment(tx, bench.policy, family, payment, money);
      });
    const paymentId = await waiting('open');
    const asked = await desk.invoice(await desk.request(id, paymentId, now), now);
    expect(asked).toEqual({ documentId: null, deliver: [] });
    expect((await settle(paymentId)).deliver).toHaveLength(2);
    const kinds = await desk.documents('payment_id = ?', paymentId);
    expect(kinds.map(({ kind }) => kind).toSorted()).toEqual(['invoice', 'receipt']);
    const empty = await waiting('settled');
    expect(codes(await desk.invoice(await desk.request(id, empty, now), now))).toEqual(['invoice-nothing']);
    const [request] = await bench.rows<{ replaced: boolean }>(
      'select replaced_at is not null as replaced from invoice_request where payment_id = ?',
      [empty],
    );
    expect(request).toEqual({ replaced: true });
    for (const table of ['payment_line', 'invoice_request'])
      await bench.rows(`delete from ${table} where payment_id = ?`, [empty]);
    await bench.rows('delete from payment where id = ?', [empty]);
  });

  test('P6 a repeated step issues nothing twice', async () => {
    const { id } = await external();
    const { paymentId } = await desk.paid(id, now);
    const requestId = await desk.request(id, paymentId, now);
    const step = { requestId, actor: 'staff:1', operation: uuid(), now } as const;
    const answers = await Promise.all(Array.from({ length: 5 }, () => bench.activities.issueInvoice(step)));
    expect(new Set(answers.map((answer) => 'documentId' in answer && answer.documentId)).size).toBe(1);
    const others = Array.from({ length: 5 }, () => desk.invoice(requestId, now));
    expect((await Promise.all(others)).map(codes)).toEqual(
      Array.from({ length: 5 }, () => ['invoice-issued']),
    );
    expect(await desk.documents(`payment_id = ? and kind = 'invoice'`, paymentId)).toHaveLength(1);
  });

  test('A12 who it was made out to is erased for a person and kept for an organisation', async () => {
    const { id } = await external();
    const payments = [await desk.paid(id, now), await desk.paid(id, now)];
    await desk.request(id, payments[0]?.paymentId ?? '', now);
    const taxId = '91330100799655058B';
    const organisation = { party: 'organisation', title: '浙江某某公司', taxId };
    await desk.request(id, payments[1]?.paymentId ?? '', now, organisation);
    const table = personalTables.find((each) => each.table === 'invoice_request');
    for (const sql of table?.erase ?? [])
      await bench.rows(sql.replaceAll(/:(patron|anonymous)\b/g, `'${id}'`));
    const kept = await bench.rows(
      'select party, title, tax_id from invoice_request where patron_id = ? order by party',
      [id],
    );
    expect(kept).toEqual([
      { party: 'organisation', title: '浙江某某公司', tax_id: taxId },
      { party: 'person', title: '', tax_id: null },
    ]);
  });
});

test('G1 the audit finds nothing wrong with any of it', async () => {
  await bench.rows(`update notice set state = 'withdrawn', settled_at = created_at where state = 'queued'`);
  expect(await bench.audit(now + day)).toEqual([]);
});
