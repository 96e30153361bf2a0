import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import PostalMime from 'postal-mime';
import { Temporal } from 'temporal-polyfill';
import { v7 as uuid } from 'uuid';
import { raiseCharge } from '../../activities/charges/money.ts';
import { lockPatron } from '../../db/locks.ts';
import { inTransaction } from '../../db/transaction.ts';
import type { Cause } from '../../domain/causes.ts';
import { type Carrel, startCarrel, until } from '../support/carrel.ts';
import { readPdf } from '../support/pdf.ts';

let carrel: Carrel;
let cashier: string;
beforeAll(async () => {
  carrel = await startCarrel({ library: 'zju' });
  cashier = (await carrel.build.staff('cashier')).token;
}, 180_000);
afterAll(() => carrel?.stop());

const post = (token: string, path: string, body: unknown) =>
  carrel.call(token, 'POST', path, body, { 'idempotency-key': uuid() });
const get = (token: string, path: string) => carrel.call(token, 'GET', path);

async function file(token: string, path: string) {
  const response = await fetch(`${carrel.url}${path}`, { headers: { authorization: `Bearer ${token}` } });
  return {
    status: response.status,
    headers: response.headers,
    bytes: Buffer.from(await response.arrayBuffer()),
  };
}

async function payer(given: object = {}) {
  const patron = await carrel.build.patron({ userGroup: 'external', language: 'zh', ...given });
  return { ...patron, token: await carrel.build.sign('patron', patron.id) };
}

const charge = (patronId: string, cause: Cause, amountMinor: number): Promise<string> =>
  inTransaction(carrel.orm, async (tx) => {
    await lockPatron(tx, patronId);
    const subject = { type: 'request', id: uuid(), library: 'zju', patronId };
    const given = { cause, amountMinor, at: new Date(), actor: 'system' } as const;
    return String(await raiseCharge(tx, carrel.policy, subject, given));
  });

async function pay(patronId: string, amountMinor = 2_550): Promise<string> {
  const lines = [{ chargeId: await charge(patronId, 'document-delivery', amountMinor), amountMinor }];
  const paid = await post(cashier, `/v1/staff/patrons/${patronId}/payments`, { lines, branch: 'yuquan' });
  expect(paid.status).toBe(201);
  return paid.body.paymentId;
}

const mailTo = (address: string, subject: string) =>
  carrel.mailbox.waitFor((mail) => mail.to.includes(address) && mail.subject.includes(subject), 20_000);

async function attachedTo(mail: { raw: string }) {
  const { attachments } = await PostalMime.parse(mail.raw);
  return attachments.map(({ filename, mimeType, content }) => ({
    filename,
    mimeType,
    bytes: Buffer.from(content as ArrayBuffer),
  }));
}

describe('receipts', () => {
  test('P2 P6 A6 a pay-out and a deposit have their receipts: numbered, by mail in the reader’s language, and in the account', async () => {
    const { id, email, token } = await payer();
    const money = `/v1/staff/patrons/${id}`;
    await post(cashier, `${money}/payments`, { lines: [], prepaidMinor: 900, branch: 'yuquan' });
    const at = { branch: 'yuquan', amountMinor: 300 };
    expect((await post(cashier, `${money}/payouts`, at)).status).toBe(201);
    expect((await post(cashier, `${money}/deposits`, { ...at, direction: 'taken' })).status).toBe(201);
    const { items } = (await get(token, '/v1/me/documents')).body;
    const ofPayment = `documents?payment=${items[2].paymentId}`;
    expect((await get(token, `/v1/me/${ofPayment}`)).body).toEqual({ items: [items[2]], next: null });
    expect((await get(cashier, `/v1/staff/patrons/${id}/${ofPayment}`)).body.items).toHaveLength(1);
    expect(items.slice(0, 2)).toMatchObject([
      {
        kind: 'deposit',
        kindName: '押金收据',
        number: expect.stringMatching(/^D-\d{4}-000001$/),
        paymentId: null,
      },
      {
        kind: 'payout',
        kindName: '余额退款凭据',
        number: expect.stringMatching(/^P-\d{4}-000001$/),
        amount: { amountMinor: -300 },
      },
    ]);
    for (const [{ number, file: path }, subject] of [
      [items[0], '已收到您的押金'],
      [items[1], '已从您的余额退款'],
    ]) {
      const [attached] = await attachedTo(await mailTo(email ?? '', subject));
      expect(attached).toMatchObject({ filename: `${number}.pdf`, mimeType: 'application/pdf' });
      const { bytes } = await file(token, path);
      expect(attached?.bytes.equals(bytes)).toBe(true);
      expect((await readPdf(bytes))[0]?.text).toContain('¥3.00');
    }
  });

  test('P3 the mail brings the receipt, the same file that the account has', async () => {
    const reader = await payer();
    await pay(reader.id);
    const { body } = await get(reader.token, '/v1/me/documents');
    expect(body.items).toMatchObject([
      { kind: 'receipt', kindName: '收据', amount: { amountMinor: 2550 }, cancelled: false },
    ]);
    const [document] = body.items;
    const download = await file(reader.token, document.file);
    const mail = await mailTo(reader.email ?? '', '已收到您的缴费');
    const [attachment] = await attachedTo(mail);
    expect(attachment).toMatchObject({ filename: `${document.number}.pdf`, mimeType: 'application/pdf' });
    expect(attachment?.bytes.equals(download.bytes)).toBe(true);
    expect(mail.text).toContain(document.number);
    const [page] = await readPdf(download.bytes);
    expect(page?.text).toContain('¥25.50');
    expect(page?.text).not.toContain(reader.name);
  });

  test('P3 a file is saved and not shown, kept by nobody on the way, and handed to nobody else', async () => {
    const [reader, other] = [await payer(), await payer()];
    await pay(reader.id);
    const { body } = await get(reader.token, '/v1/me/documents');
    const { file: path, id, number } = body.items[0];
    const { status, headers } = await file(reader.token, path);
    expect(status).toBe(200);
    expect(Object.fromEntries(headers)).toMatchObject({
      'content-type': 'application/pdf',
      'content-disposition': `attachment; filename="${number}.pdf"`,
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'content-security-policy': "sandbox; default-src 'none'",
    });
    expect((await file(other.token, path)).status).toBe(404);
    expect((await file(cashier, `/v1/staff/documents/${id}.pdf`)).status).toBe(200);
    expect((await file(cashier, path)).status).toBe(403);
    const desk = (await carrel.build.staff('desk')).token;
    expect((await file(desk, `/v1/staff/documents/${id}.pdf`)).status).toBe(403);
  });

  test('A12 who wants no mail about payments finds the receipt in the account only', async () => {
    const reader = await payer({ noticePreferences: { 'payment-received': 'message' } });
    await pay(reader.id);
    const notices = await until(
      () =>
        carrel.orm.em
          .fork()
          .execute<{ state: string; text: string }[]>(
            'select state, body_text as text from notice where patron_id = ?',
            [reader.id],
          ),
      ([first]) => first?.state === 'shown',
    );
    expect(notices).toHaveLength(1);
    expect(notices[0]?.text).toContain('您可以在图书馆网站“我的图书馆”中查看收据等单据。');
    expect(carrel.mailbox.messages.filter(({ to }) => to.includes(reader.email ?? ''))).toEqual([]);
  });

  test('A12 after its reader is erased a receipt is still the library’s to show, and its mail is emptied', async () => {
    const reader = await payer();
    await pay(reader.id);
    await mailTo(reader.email ?? '', '已收到您的缴费');
    const { body } = await get(reader.token, '/v1/me/documents');
    const administrator = (await carrel.build.staff('administrator')).token;
    const erased = await post(administrator, `/v1/staff/patrons/${reader.id}/erasure`, { card: reader.card });
    expect(erased.status).toBeLessThan(300);
    expect((await file(cashier, `/v1/staff/documents/${body.items[0].id}.pdf`)).status).toBe(200);
    const [notice] = await carrel.orm.em
      .fork()
      .execute('select recipient, body_text from notice where subject_id = ?', [body.items[0].paymentId]);
    expect(notice).toMatchObject({ recipient: '', body_text: '' });
  });
});

describe('invoices', () => {
  const organisation = { party: 'organisation', title: '浙江某某科技有限公司', taxId: '91330100799655058B' };

  test('P5 an invoice is refused with every reason that the tax number gives, and issued and mailed with the right one', async () => {
    const reader = await payer();
    const paymentId = await pay(reader.id);
    const path = `/v1/me/payments/${paymentId}/invoices`;
    const { taxId: _, ...nameless } = organisation;
    expect(await post(reader.token, path, nameless)).toMatchObject({
      status: 422,
      body: { code: 'tax-id-missing' },
    });
    const mistyped = { ...organisation, taxId: '91330100799655058A' };
    expect(await post(reader.token, path, mistyped)).toMatchObject({
      status: 422,
      body: { code: 'tax-id-check' },
    });
    const issued = await post(reader.token, path, organisation);
    expect(issued).toMatchObject({ status: 201, body: { state: 'issued' } });
    const [attachment] = await attachedTo(await mailTo(reader.email ?? '', '您的发票'));
    const [page] = await readPdf(attachment?.bytes ?? Buffer.alloc(0));
    for (const said of ['发票', organisation.title, organisation.taxId, '¥25.50'])
      expect(page?.text).toContain(said);
    expect(await post(reader.token, path, organisation)).toMatchObject({
      status: 409,
      body: { code: 'invoice-issued' },
    });
    const reversal = await post(cashier, `/v1/staff/payments/${paymentId}/reversal`, { reason: 'mistake' });
    expect(reversal).toMatchObject({ status: 409, body: { code: 'payment-invoiced' } });
  });

  test('P6 staff issue one too; campus members who paid in cash get none', async () => {
    const [reader, member] = [await payer(), await payer({ userGroup: 'campus' })];
    const person = { party: 'person', title: '王小明' };
    const issued = await post(cashier, `/v1/staff/payments/${await pay(reader.id)}/invoices`, person);
    expect(issued).toMatchObject({ status: 201, body: { state: 'issued' } });
    const theirs = await get(cashier, `/v1/staff/patrons/${reader.id}/documents`);
    expect(theirs.body.items.map(({ kind }: { kind: string }) => kind).toSorted()).toEqual([
      'invoice',
      'receipt',
    ]);
    const refused = await post(member.token, `/v1/me/payments/${await pay(member.id)}/invoices`, person);
    expect(refused).toMatchObject({ status: 409, body: { code: 'invoice-not-offered' } });
    const slips = await get(member.token, '/v1/me/documents');
    expect(slips.body.items).toMatchObject([{ kind: 'slip', kindName: '校内结算凭证' }]);
  });

  test('P6 the cashier lists a year’s documents in pages and as a table', async () => {
    const first = await get(cashier, '/v1/staff/documents?kind=receipt&limit=2');
    expect(first.body.items).toHaveLength(2);
    const second = await get(cashier, first.body.next);
    const numbers = [...first.body.items, ...second.body.items].map(({ number }) => number);
    const { year } = Temporal.Now.plainDateISO(carrel.policy.timeZone);
    expect(numbers).toEqual(numbers.map((_, index) => `R-${year}-${String(index + 1).padStart(6, '0')}`));
    const table = await file(cashier, `/v1/staff/documents.csv?year=${year}`);
    expect(table.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    const text = table.bytes.toString();
    expect(text).toMatch(new RegExp(`R-${year}-000002,Receipt,${year}-\\d\\d-\\d\\d,25\\.50,CNY,Cash,`));
    expect((await get(cashier, '/v1/staff/documents?year=1999')).status).toBe(422);
    expect((await get(cashier, '/v1/staff/documents?year=2001')).body.items).toEqual([]);
  });
});
