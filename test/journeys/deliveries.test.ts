import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Item } from '../../db/entities/index.ts';
import { illPolicy } from '../../domain/policy-ill.ts';
import type { LibraryPolicy } from '../../domain/policy.ts';
import { type Carrel, startCarrel, until } from '../support/carrel.ts';
import { ownNamespace } from '../support/namespace.ts';
import { pdfOf } from '../uploads/samples.ts';

const words = (text: string) => ({ ja: text, zh: text, de: text, en: text });

/** A library whose librarian obtains everything by hand, so that there is one side only. */
const ill = illPolicy.parse({
  mode: 'email',
  requests: { pickup: [{ place: 'main', campus: words('East'), window: words('Window 3') }] },
  prices: { readers: [{ services: ['copy'], perItemMinor: 400 }] },
});
const change = (policy: LibraryPolicy): LibraryPolicy => ({ ...policy, ill });
const pdf = pdfOf([
  '<< /Type /Catalog /Pages 2 0 R >>',
  '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
  '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] >>',
  '(kept as it is)',
]);

let carrel: Carrel;
let librarian: string;
let desk: string;
beforeAll(async () => {
  carrel = await startCarrel({ namespace: await ownNamespace(), change });
  librarian = (await carrel.build.staff('ill-librarian')).token;
  desk = (await carrel.build.staff('desk')).token;
});
afterAll(() => carrel?.stop());

const post = (token: string, path: string, body: unknown = {}) =>
  carrel.call(token, 'POST', path, body, { 'idempotency-key': randomUUID() });
const get = (token: string, path: string) => carrel.call(token, 'GET', path);
const codes = ({ body }: { body: { reasons?: { code: string }[]; code?: string } }) =>
  (body.reasons ?? [body]).map(({ code }) => code);

async function asked(service: 'copy' | 'loan') {
  const patron = await carrel.build.patron({ permissions: ['ill'] });
  const token = await carrel.build.sign('patron', patron.id);
  const answered = await post(token, '/v1/me/requests', {
    service,
    literature: service === 'copy' ? 'article' : 'book',
    work: service === 'copy' ? { title: 'Nature', component: 'On trees' } : { title: 'Der Turm' },
    delivery: service === 'copy' ? 'electronic' : 'pickup',
    ...(service === 'loan' && { place: 'main' }),
    limitMinor: 1000,
  });
  expect(answered.status).toBe(201);
  const { id, number } = answered.body;
  const mine = `/v1/me/requests/${id}`;
  const staffs = `/v1/staff/requests/${id}`;
  return { patron, token, id, number, mine, staffs };
}

async function upload(path: string, bytes: Buffer) {
  const response = await fetch(`${carrel.url}${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${librarian}`, 'content-type': 'application/octet-stream' },
    body: new Uint8Array(bytes),
  });
  return { status: response.status, body: await response.json() };
}

async function fetchFile(path: string, init: RequestInit = {}) {
  const response = await fetch(`${carrel.url}${path}`, init);
  const bytes = Buffer.from(await response.arrayBuffer());
  return { status: response.status, headers: response.headers, bytes, text: bytes.toString() };
}

const byLink = (link: string) => {
  const { pathname, hash } = new URL(link);
  return fetchFile(`/v1${pathname}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ secret: hash.slice(1) }),
  });
};

const linkTo = async (address: string, times = 1): Promise<string> => {
  const mails = await until(
    async () =>
      carrel.mailbox.messages.filter(
        ({ to, text }) => to.includes(address) && text.includes('/document-links/'),
      ),
    (found) => found.length >= times,
  );
  return /http\S*\/document-links\/\S+/u.exec(String(mails.at(-1)?.text))?.[0] ?? '';
};

describe('a document', () => {
  test('I14 I16 waits until it is paid, is mailed as a link that is counted and replaced, and is given out as it came', async () => {
    const { patron, token, mine, staffs, number } = await asked('copy');
    expect((await post(librarian, `${staffs}/record`, { step: 'shipped', costMinor: 300 })).status).toBe(200);
    expect(await upload(`${staffs}/documents`, Buffer.from('<html>'))).toMatchObject({ status: 422 });
    const broken = Buffer.from('%PDF-1.7\n% forty bytes that are no more');
    const refused = await upload(`${staffs}/documents`, broken);
    expect(refused).toMatchObject({ status: 422, body: { code: 'upload-unreadable' } });
    const held = await upload(`${staffs}/documents`, pdf);
    expect(held).toMatchObject({ status: 201, body: { state: 'held' } });
    expect(
      codes(
        JSON.parse(
          JSON.stringify({
            body: JSON.parse(
              (await fetchFile(`${mine}/document`, { headers: { authorization: `Bearer ${token}` } })).text,
            ),
          }),
        ),
      ),
    ).toEqual(['delivery-held']);

    const [charge] = (await get(token, '/v1/me/charges')).body.items;
    const id = mine.split('/').at(-1);
    expect(charge).toMatchObject({ title: 'Nature', request: { id, number }, inPayment: null });
    const cashier = (await carrel.build.staff('cashier')).token;
    await post(cashier, '/v1/staff/drawers', { branch: 'main', countMinor: 0 });
    const lines = [
      { chargeId: charge.id, amountMinor: charge.open?.amountMinor ?? charge.amount.amountMinor },
    ];
    const paid = await post(cashier, `/v1/staff/patrons/${patron.id}/payments`, {
      lines,
      means: 'cash',
      branch: 'main',
    });
    expect(paid.status).toBe(201);
    const [settled] = (await get(token, '/v1/me/charges/history')).body.items;
    expect(settled).toMatchObject({ state: 'paid', request: { id, number } });
    const [line] = (await get(token, '/v1/me/statement')).body.items;
    expect(line.for).toMatchObject([{ chargeId: charge.id, text: expect.stringContaining('Nature') }]);
    await until(
      async () => (await get(token, mine)).body.state,
      (state) => state === 'available',
    );

    const file = await fetchFile(`${mine}/document`, { headers: { authorization: `Bearer ${token}` } });
    expect(file.bytes.equals(pdf)).toBe(true);
    expect(Object.fromEntries(file.headers)).toMatchObject({
      'content-type': 'application/pdf',
      'content-disposition': `attachment; filename="${number}.pdf"`,
      'x-content-type-options': 'nosniff',
      'content-security-policy': "sandbox; default-src 'none'",
    });

    const first = await linkTo(patron.email ?? '');
    expect((await byLink(first)).bytes.equals(pdf)).toBe(true);
    expect((await byLink(first.replace(/#.*/u, '#wrong'))).status).toBe(404);
    expect((await post(token, `${mine}/link`)).status).toBe(200);
    const second = await linkTo(patron.email ?? '', 2);
    expect(second).not.toBe(first);
    expect(
      JSON.parse((await byLink(first)).text).reasons?.[0]?.code ??
        JSON.parse((await byLink(first)).text).code,
    ).toBe('delivery-expired');
    expect((await get(token, mine)).body.actions).toEqual(['download', 'new-link']);
    const many = await Promise.all(Array.from({ length: 8 }, () => byLink(second)));
    expect(many.filter(({ status }) => status === 200)).toHaveLength(5);
    expect((await get(token, mine)).body).toMatchObject({ actions: ['new-link'], download: null });
  });
});

describe('a loan', () => {
  test('I9 I13 I19 is received, kept like a hold, lent, brought back, and sent back', async () => {
    const { patron, token, mine, staffs, id } = await asked('loan');
    await post(librarian, `${staffs}/record`, { step: 'shipped', dueOn: '2099-01-15' });
    expect(codes(await post(token, `${mine}/place`, { place: 'main' }))).toEqual(['request-shipped']);
    const there = await post(librarian, `${staffs}/arrival`, { desk: 'main', barcode: `ILL${id.slice(-8)}` });
    expect(there).toMatchObject({ status: 200, body: { state: 'received' } });
    const barcode = `ILL${id.slice(-8)}`;
    const holds = await get(token, '/v1/me/holds');
    expect(holds.body.items).toMatchObject([{ state: 'secured', title: { title: 'Der Turm' } }]);
    const mail = await carrel.mailbox.waitFor(
      ({ to, subject }) => to.includes(patron.email ?? '') && subject.includes('Der Turm'),
      20_000,
    );
    expect(mail.text).toContain('Window 3');

    const found = await get(token, `/v1/titles?library=${patron.library}&q=Turm`);
    expect(found.body.items).toEqual([]);
    expect((await get(token, `/v1/titles/${holds.body.items[0].title.id}`)).status).toBe(404);

    const lent = await post(desk, '/v1/staff/check-outs', { card: patron.card, barcode, branch: 'main' });
    expect(lent.status).toBe(201);
    expect((await get(token, mine)).body).toMatchObject({ state: 'lent', actions: ['renew'] });
    const refused = await post(token, `/v1/loans/${lent.body.id}/renewals`);
    expect(codes(refused)).toEqual(['renewal-by-supplier']);
    expect((await post(token, `${mine}/renewal`)).body).toMatchObject({ renewalWanted: true });
    await post(librarian, `${staffs}/renewal-answer`, { answer: 'yes', dueOn: '2099-02-15' });
    const { dueOn } = (await get(token, mine)).body;
    expect(dueOn > '2099-01-15' && dueOn <= '2099-02-08').toBe(true);

    const back = await post(desk, '/v1/staff/check-ins', { barcode, branch: 'main' });
    expect(back.body).toMatchObject({ do: 'send-back', request: { id } });
    await until(
      async () => (await get(token, mine)).body.state,
      (state) => state === 'returning',
    );
    const done = await post(librarian, `${staffs}/send-back`);
    expect(done).toMatchObject({ status: 200, body: { state: 'completed' } });
    const { state } = await carrel.orm.em.fork().findOneOrFail(Item, { illRequestId: id });
    expect(state).toBe('withdrawn');
  });

  test('I13 lent for use in the library only, the desk hears so when it is kept and when it is lent, and it does not go out', async () => {
    const { patron, staffs, id } = await asked('loan');
    await post(librarian, `${staffs}/record`, { step: 'shipped', dueOn: '2099-01-15' });
    await carrel.orm.em
      .fork()
      .execute(`update ill_attempt set conditions = '{LibraryUseOnly,XY-NoFlash}' where request_id = ?`, [
        id,
      ]);
    const barcode = `ILL${id.slice(-8)}`;
    await post(librarian, `${staffs}/arrival`, { desk: 'main', barcode });
    const kept = await post(desk, '/v1/staff/check-ins', { barcode, branch: 'main' });
    const inside = 'To be used in the library only';
    expect(kept.body).toMatchObject({
      do: 'keep',
      item: { conditions: [{ code: 'LibraryUseOnly', text: inside }, { code: 'XY-NoFlash' }] },
      slip: { conditions: [inside, 'XY-NoFlash'] },
    });
    expect(kept.body.text).toContain(inside);
    const lend = (use?: string) =>
      post(desk, '/v1/staff/check-outs', { card: patron.card, barcode, branch: 'main', ...(use && { use }) });
    expect(codes(await lend())).toEqual(['item-inside-only']);
    expect(codes(await lend('overridden'))).toEqual(['item-inside-only']);
    const lent = await lend('inside');
    expect(lent).toMatchObject({ status: 201, body: { conditions: [{ code: 'LibraryUseOnly' }, {}] } });
  });
});
