import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { illPolicy } from '../../domain/policy-ill.ts';
import type { LibraryPolicy } from '../../domain/policy.ts';
import { type Carrel, startCarrel } from '../support/carrel.ts';
import { ownNamespace } from '../support/namespace.ts';

const words = (text: string) => ({ ja: text, zh: text, de: text, en: text });

const ill = illPolicy.parse({
  mode: 'email',
  requests: {
    limits: { open: 2, groups: { child: { period: { requests: 1, per: 'P30D' } }, staff: {} } },
    costLimit: { needed: true, maximumMinor: 5000 },
    copyright: [
      { version: '2025', text: words('Old.') },
      { version: '2026', from: '2026-01-01', text: words('For own study only.') },
    ],
    groupUsers: ['institution'],
    pickup: [{ place: 'main', campus: words('East'), window: words('Window 3'), phone: '0571-1' }],
    literature: { patent: 'none' },
  },
  prices: {
    readers: [{ services: ['loan'], perItemMinor: 400 }],
    subsidies: [{ percent: 50 }],
  },
});

const change = (policy: LibraryPolicy): LibraryPolicy => ({ ...policy, ill });

let carrel: Carrel;
beforeAll(async () => {
  carrel = await startCarrel({ namespace: await ownNamespace(), change });
});
afterAll(() => carrel?.stop());

const key = () => ({ 'idempotency-key': randomUUID() });

const loan = (title: string, more: object = {}) => ({
  service: 'loan',
  literature: 'book',
  work: { title },
  delivery: 'pickup',
  limitMinor: 1000,
  ...more,
});

async function readerOf(userGroup = 'adult', permissions = ['ill']) {
  const patron = await carrel.build.patron({ userGroup, permissions });
  return { patron, token: await carrel.build.sign('patron', patron.id) };
}

const submit = (token: string, body: object, headers = key()) =>
  carrel.call(token, 'POST', '/v1/me/requests', body, headers);
const check = (token: string, body: object) => carrel.call(token, 'POST', '/v1/me/requests/check', body);
const codesOf = ({ body }: { body: { reasons: { code: string }[] } }) => body.reasons.map(({ code }) => code);

describe('a request', () => {
  test('I1 I11 I19 is submitted once, and shows what is wanted, where it stands and where to pick it up', async () => {
    const { token } = await readerOf();
    const headers = key();
    const wanted = loan('Der Turm', { work: { title: ' Der\u202E  Turm ', isbn: '3518420208' } });
    const first = await submit(token, wanted, headers);
    expect(first.status).toBe(201);
    expect(first.body).toMatchObject({
      state: 'reviewing',
      group: 'in-progress',
      service: { code: 'loan', name: 'Interlibrary loan' },
      work: { title: 'Der Turm', isbn: '9783518420201' },
      pickup: { code: 'main', campus: 'East', window: 'Window 3', phone: '0571-1' },
      limit: { amountMinor: 1000 },
      actions: ['cancel', 'change-place'],
      mayChangePlace: { allowed: true },
    });
    expect(first.body.pickup.week.length).toBeGreaterThan(3);
    const again = await submit(token, wanted, headers);
    expect(again.body.id).toBe(first.body.id);
    const seen = await carrel.call(token, 'GET', first.headers.get('location') ?? '');
    expect(seen.body.steps[0].text).toBe('The request was submitted');
    const list = await carrel.call(token, 'GET', '/v1/me/requests');
    expect(list.body).toMatchObject({ total: 1, items: [{ no: 1, number: first.body.number }] });
  });

  test('I1 a form tells everything that is wrong with it at once, field by field', async () => {
    const { token } = await readerOf();
    const { status, body } = await submit(token, {
      service: 'copy',
      literature: 'article',
      work: { title: '\u200B ', isbn: '3518420209', neededBy: '2020-01-01' },
      delivery: 'post',
      copyright: '2025',
      beneficiary: 'Somebody else',
      limitMinor: 9000,
    });
    expect(status).toBe(422);
    const pointers = body.errors.map(({ pointer, code }: { pointer: string; code: string }) => [
      pointer,
      code,
    ]);
    expect(pointers).toEqual([
      ['/delivery', 'delivery-not-offered'],
      ['/work/title', 'field-required'],
      ['/work/component', 'field-required'],
      ['/work/isbn', 'standard-number-wrong'],
      ['/work/neededBy', 'needed-by-past'],
      ['/address', 'field-required'],
      ['/limitMinor', 'cost-limit-too-high'],
      ['/copyright', 'copyright-not-accepted'],
      ['/beneficiary', 'beneficiary-not-taken'],
    ]);
    const patent = { ...loan('X'), literature: 'patent', service: 'copy', copyright: '2026' };
    expect(codesOf(await submit(token, patent))).toEqual(['literature-not-offered']);
  });

  test('I1 likely duplicates and what the library has itself are refused until they are passed over, which is kept', async () => {
    const { token } = await readerOf();
    const title = await carrel.build.title({
      title: 'Momo : oder die seltsame Geschichte',
      searchText: 'momo oder die seltsame geschichte',
      isbns: ['9783522177504'],
    });
    await carrel.build.item(title.id);
    const refused = await submit(token, loan('Momo'));
    expect([refused.status, codesOf(refused)]).toEqual([409, ['held-here']]);
    const shown = await check(token, {
      form: loan('Anything', { work: { title: 'Anything', isbn: '978-3-522-17750-4' } }),
    });
    expect(shown.body).toMatchObject({
      accepted: false,
      overrides: ['held-here'],
      heldHere: [{ title: { id: title.id }, available: 1, holdPath: '/v1/holds' }],
    });
    const first = await submit(token, loan('Momo', { override: ['held-here'] }));
    expect(first.body.overridden).toEqual(['held-here']);
    const second = await submit(token, loan(' MOMO', { override: ['held-here'] }));
    expect(second.body.reasons).toMatchObject([{ code: 'request-duplicate', number: first.body.number }]);
    const third = await submit(token, loan('Momo', { override: ['held-here', 'duplicate'] }));
    expect(third.status).toBe(201);
    const fourth = await submit(token, loan('Something else'));
    expect(fourth.body.reasons).toMatchObject([{ code: 'request-limit', has: 2, limit: 2 }]);
  });

  test('I1 of many at the same instant no more than the limit are taken, and of one thing only one', async () => {
    const { token } = await readerOf();
    const several = await Promise.all(
      ['a', 'b', 'c', 'd', 'e'].map((each) => submit(token, loan(`Race ${each}`))),
    );
    expect(several.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([201, 201, 409, 409, 409]);
    const other = await readerOf();
    const same = await Promise.all([1, 2, 3].map(() => submit(other.token, loan('Twice'))));
    expect(same.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([201, 409, 409]);
  });

  test('I1 the limit of a period says when the next one is possible', async () => {
    const { token } = await readerOf('child');
    expect((await submit(token, loan('First'))).status).toBe(201);
    const second = await submit(token, loan('Second'));
    expect(second.body.reasons).toMatchObject([{ code: 'request-limit-period', has: 1, limit: 1 }]);
    const { since, next } = second.body.reasons[0];
    expect(Date.parse(next) - Date.parse(since)).toBe(60 * 86_400_000);
  });

  test('A7 without the permission the answer says which one is missing and whom to ask', async () => {
    const { token } = await readerOf('adult', []);
    const { status, body } = await submit(token, loan('Anything'));
    expect(status).toBe(409);
    expect(body.reasons).toMatchObject([{ code: 'permission-missing', permission: 'ill' }]);
    expect(body.detail).toContain('interlibrary loan office');
  });
});

describe('a check before sending', () => {
  test('I20 tells the cost, the places and every reason, and keeps nothing', async () => {
    const { token } = await readerOf();
    const { status, body } = await check(token, { form: loan('Costly', { limitMinor: 100 }) });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      accepted: true,
      mistakes: [],
      price: {
        price: { amountMinor: 200 },
        subsidy: { amountMinor: 200 },
        total: { amountMinor: 400 },
        asksFirst: true,
      },
      limits: { open: 0, openLimit: 2 },
      places: [{ code: 'main', window: 'Window 3' }],
    });
    expect((await carrel.call(token, 'GET', '/v1/me/requests')).body.total).toBe(0);
  });

  test('I1 a link from a catalogue is read, kept over the sign-in, and says nothing about who asks', async () => {
    const query =
      'ctx_ver=Z39.88-2004&rft_val_fmt=info:ofi/fmt:kev:mtx:journal&rft.genre=article&rft.atitle=On%20holds&rft.jtitle=Library%20Journal&rft.issn=0363-0277&rft.volume=12&rft.spage=3&rft.epage=9&req.id=mailto:somebody@example.org&req_id=12345';
    const followed = await carrel.call(undefined, 'GET', `/v1/openurl/demo?${query}`);
    expect(followed.body.form).toMatchObject({
      service: 'copy',
      literature: 'article',
      work: { title: 'Library Journal', component: 'On holds', issn: '0363-0277', pages: '3-9' },
    });
    const [kept] = await carrel.orm.em
      .fork()
      .execute('select content::text as content from ill_draft where id = ?', [followed.body.id]);
    expect(kept?.content).not.toMatch(/somebody|12345/);
    const { token } = await readerOf();
    const opened = await carrel.call(token, 'GET', followed.body.open);
    expect(opened.body.form).toEqual(followed.body.form);
    const checked = await check(token, { draft: followed.body.id });
    expect(checked.body.form).toMatchObject({ delivery: null, work: { component: 'On holds' } });
    expect(checked.body.mistakes.map(({ code }: { code: string }) => code)).toEqual([
      'cost-limit-needed',
      'copyright-not-accepted',
    ]);
    const posted = await carrel.call(undefined, 'POST', '/v1/openurl', {
      openUrl: `https://x.example/r?${query}`,
    });
    expect([posted.status, posted.body.form]).toEqual([201, followed.body.form]);
    expect((await carrel.call(token, 'GET', `/v1/me/request-drafts/${randomUUID()}`)).status).toBe(404);
  });

  test('I1 I19 a link may say where it is picked up, by a code of the library; any other is not heeded', async () => {
    const { token } = await readerOf();
    const query = (place: string) => `genre=book&title=Momo&svc.pickupLocation=${place}`;
    const followed = await carrel.call(undefined, 'GET', `/v1/openurl/demo?${query('main')}`);
    expect(followed.body.form).toMatchObject({ service: 'loan', place: 'main' });
    const checked = await check(token, { draft: followed.body.id });
    expect(checked.body.form).toMatchObject({ delivery: 'pickup', place: 'main' });
    const elsewhere = await carrel.call(undefined, 'GET', `/v1/openurl/demo?${query('moon')}`);
    expect(elsewhere.body.form.place).toBeNull();
    const without = await check(token, { openUrl: query('moon') });
    expect(without.body.form).toMatchObject({ delivery: null });
    expect(without.body.mistakes.map(({ code }: { code: string }) => code)).not.toContain('place-unknown');
  });

  test('I1 a link in GBK that does not say so is read, shown as a guess, and read anew as the reader says', async () => {
    const query = 'genre=book&title=%C8%D5%B1%BE%CE%C4%D1%A7%CA%B7&au=%C2%B3%D1%B8&au=B';
    const followed = await carrel.call(undefined, 'GET', `/v1/openurl/demo?${query}`);
    expect(followed.body.form.work).toMatchObject({ title: '日本文学史', author: '鲁迅; B' });
    expect(followed.body.encoding).toMatchObject({
      name: 'gb18030',
      known: 'guessed',
      hint: expect.stringContaining('GB18030'),
    });
    const { token } = await readerOf();
    const anew = await carrel.call(token, 'GET', `${followed.body.open}?encoding=euc-kr`);
    expect(anew.body.encoding).toMatchObject({ name: 'euc-kr', known: 'chosen', hint: null });
    expect(anew.body.form.work.title).toMatch(/\p{Script=Hangul}/u);
    const again = await check(token, { draft: followed.body.id });
    expect([again.body.form.work.title, again.body.encoding.known]).toEqual(['日本文学史', 'guessed']);
    const stated = await check(token, { openUrl: `${query}&ctx_enc=info:ofi/enc:GBK` });
    expect([stated.body.form.work.title, stated.body.encoding.known]).toEqual(['日本文学史', 'stated']);
    const refused = await carrel.call(token, 'GET', `${followed.body.open}?encoding=ebcdic`);
    expect(refused.status).toBe(422);
  });

  test('I1 hostile links are read or refused, and never break anything', async () => {
    const { token } = await readerOf();
    const keys = Array.from({ length: 10_000 }, (_none, index) => `k${index}=v`).join('&');
    expect(
      (await carrel.call(undefined, 'GET', `/v1/openurl/demo?${keys}`).catch(() => ({ status: 431 }))).status,
    ).toBe(431);
    const short = { openUrl: 'a=&'.repeat(10_000) };
    expect((await carrel.call(undefined, 'POST', '/v1/openurl', short)).status).toBe(422);
    const many = Array.from({ length: 2_000 }, (_none, index) => `k${index}=v`).join('&');
    expect(
      (await carrel.call(undefined, 'POST', '/v1/openurl', { openUrl: `title=Found&${many}` })).body.form.work
        .title,
    ).toBe('Found');
    const enormous = { openUrl: `title=${'x'.repeat(70_000)}` };
    expect((await carrel.call(undefined, 'POST', '/v1/openurl', enormous)).status).toBe(413);
    const odd =
      'title=%00%07Evil%E2%80%AEltit%1B%5B31m&genre=__proto__&svc.neededBy=9999-99-99&isbn=%27%3B--&date=%ED%A0%80';
    const { body } = await check(token, { openUrl: odd });
    expect(body.form.work).toMatchObject({ title: 'Evilltit [31m' });
    expect(body.form.work.isbn).toBeUndefined();
    const nested = await check(token, { form: { ...loan('x'), work: { title: 'x', ['__proto__x']: 1 } } });
    expect(nested.status).toBe(422);
  });
});

describe('a request’s process', () => {
  test('G1 I11 operators read its story: whose it is, where it stands, what happened', async () => {
    const { token } = await readerOf();
    const { body } = await submit(token, loan('A book told of'));
    const { token: operator } = await carrel.build.staff('operator');
    const story = await carrel.call(operator, 'GET', `/v1/staff/processes/ill:${body.id}`);
    expect(story.status).toBe(200);
    expect(story.body).toMatchObject({
      process: 'ill',
      state: body.state,
      title: 'A book told of',
      engine: { answers: true, present: { status: 'running' } },
    });
    expect(story.body.reader).not.toBeNull();
    expect(story.body.timeline.length).toBeGreaterThan(0);
    const nobodys = await carrel.call(operator, 'GET', `/v1/staff/processes/ill:${randomUUID()}`);
    expect(nobodys.status).toBe(404);
  });
});

describe('my requests', () => {
  test('I11 are filtered, counted, numbered and paged', async () => {
    const { token } = await readerOf('staff');
    const made = [];
    for (const title of ['Alpha', 'Beta gamma', 'Gamma']) made.push(await submit(token, loan(title)));
    const copy = {
      service: 'copy',
      literature: 'article',
      delivery: 'electronic',
      copyright: '2026',
      limitMinor: 0,
    };
    made.push(await submit(token, { ...copy, work: { title: 'Journal', component: 'Gamma rays' } }));
    expect(made.map(({ status }) => status)).toEqual([201, 201, 201, 201]);
    const list = async (query: string) => (await carrel.call(token, 'GET', `/v1/me/requests?${query}`)).body;
    const titles = (page: { items: { document: { title: string } }[] }) =>
      page.items.map(({ document }) => document.title);
    expect(titles(await list('service=loan&text=gamma'))).toEqual(['Gamma', 'Beta gamma']);
    expect(await list('literature=article')).toMatchObject({
      total: 1,
      items: [{ document: { component: 'Gamma rays' } }],
    });
    expect((await list('group=ended')).total).toBe(0);
    expect((await list('state=reviewing&group=in-progress')).total).toBe(4);
    expect(titles(await list(`number=${made[0]?.body.number}`))).toEqual(['Alpha']);
    const today = made[0]?.body.submittedOn as string;
    expect((await list(`from=${today}&to=${today}`)).total).toBe(4);
    expect((await list('to=2020-01-01')).total).toBe(0);
    const first = await list('limit=3');
    expect(first).toMatchObject({ total: 4, items: [{ no: 1 }, { no: 2 }, { no: 3 }] });
    const { body: second } = await carrel.call(token, 'GET', first.next);
    expect(second).toMatchObject({ total: 4, next: null, items: [{ no: 4, document: { title: 'Alpha' } }] });
    expect((await carrel.call(token, 'GET', '/v1/me/requests?from=2026-02-01&to=2026-01-01')).status).toBe(
      422,
    );
  });
});

describe('librarians', () => {
  test('I7 submit for readers, and for somebody without a card who is named', async () => {
    const { token } = await carrel.build.staff('ill-librarian');
    const { patron } = await readerOf('adult', []);
    const post = (body: object) => carrel.call(token, 'POST', '/v1/staff/requests', body, key());
    const forReader = await post({ card: patron.card, ...loan('For a reader') });
    expect([forReader.status, forReader.body.reader?.card]).toEqual([201, patron.card]);
    expect(codesOf(await post(loan('For nobody')))).toEqual(['beneficiary-needed']);
    const named = await post(
      loan('For a guest', { beneficiary: 'A guest', beneficiaryEmail: 'guest@example.org' }),
    );
    expect(named.body).toMatchObject({
      reader: null,
      beneficiary: 'A guest',
      beneficiaryEmail: 'guest@example.org',
    });
    const { body: list } = await carrel.call(token, 'GET', `/v1/staff/requests?text=guest&open=true`);
    expect(list.items.map(({ number }: { number: string }) => number)).toEqual([named.body.number]);
    expect(list.counts.length).toBeGreaterThan(0);
    const { body: byCard } = await carrel.call(token, 'GET', `/v1/staff/requests?card=${patron.card}`);
    expect(byCard.items.map(({ id }: { id: string }) => id)).toEqual([forReader.body.id]);
    expect((await carrel.call(token, 'GET', '/v1/staff/requests?late=true')).body.items).toEqual([]);
  });

  test('I6 an institution’s account names for whom each request is; two people may want the same', async () => {
    const { token } = await readerOf('institution');
    expect(codesOf(await submit(token, loan('For members')))).toEqual(['beneficiary-needed']);
    const one = await submit(token, loan('For members', { beneficiary: 'Wang' }));
    const two = await submit(token, loan('For members', { beneficiary: 'Li' }));
    expect([one.status, two.status, two.body.beneficiary]).toEqual([201, 201, 'Li']);
  });

  test('I10 I12 read figures of a period, and take the list with them as a table', async () => {
    const { token } = await carrel.build.staff('ill-librarian');
    const { body } = await carrel.call(
      token,
      'GET',
      '/v1/staff/requests/statistics?from=2026-01-01&to=2090-01-01',
    );
    expect(
      body.services.find((each: { service: string }) => each.service === 'loan').submitted,
    ).toBeGreaterThan(5);
    const file = await fetch(`${carrel.url}/v1/staff/requests.csv?text=momo`, {
      headers: { authorization: `Bearer ${token}`, 'accept-language': 'de' },
    });
    const text = await file.text();
    expect(text).toContain('Bestellnummer');
    expect(text.split('\r\n').filter((line) => line.includes('Momo')).length).toBe(2);
  });
});

test('I1 I19 I20 what the form needs is public', async () => {
  const { status, body } = await carrel.call(undefined, 'GET', '/v1/libraries/demo/request-form', undefined, {
    'accept-language': 'zh',
  });
  expect(status).toBe(200);
  expect(body.services.map(({ code }: { code: string }) => code)).toEqual(['copy', 'loan']);
  expect(body.services[0].copyright).toEqual({ version: '2026', text: 'For own study only.' });
  expect(body.literature.some(({ code }: { code: string }) => code === 'patent')).toBe(false);
  expect(body.prices.list[0]).toMatchObject({ perItem: { amountMinor: 400 } });
  expect(body.places[0]).toMatchObject({ code: 'main', phone: '0571-1' });
  expect(body.permission.contact).toBe('馆际互借员');
});
