import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { illPolicy } from '../../domain/policy-ill.ts';
import { type Carrel, startCarrel, until } from '../support/carrel.ts';
import { ownNamespace } from '../support/namespace.ts';

jest.setTimeout(120_000);

/** An institution's account: its librarian obtains everything by hand, so that there is one side only. */
const ill = illPolicy.parse({
  mode: 'email',
  requests: { groupUsers: ['institution'] },
  prices: { readers: [{ services: ['loan'], perItemMinor: 400 }] },
});
let carrel: Carrel;
let librarian: string;
beforeAll(async () => {
  carrel = await startCarrel({ namespace: await ownNamespace(), change: (policy) => ({ ...policy, ill }) });
  librarian = (await carrel.build.staff('ill-librarian')).token;
});
afterAll(() => carrel?.stop());

const key = () => ({ 'idempotency-key': randomUUID() });
const account = async () => {
  const patron = await carrel.build.patron({ permissions: ['ill'], userGroup: 'institution' });
  return { patron, token: await carrel.build.sign('patron', patron.id) };
};

/** As a careful portal does: told to wait, it asks again under the same key. */
async function sent(token: string, path: string, body: object, status: number) {
  const headers = key();
  const answered = await until(
    () => carrel.call(token, 'POST', path, body, headers),
    (answer) => answer.status !== 202,
    50_000,
  );
  expect(answered.status).toBe(status);
  return answered;
}

async function askedFor(token: string, name: string, title: string) {
  const form = {
    service: 'loan',
    literature: 'book',
    work: { title },
    delivery: 'pickup',
    place: 'main',
    limitMinor: 1000,
    beneficiary: name,
    beneficiaryEmail: `${name}@example.org`.toLowerCase(),
  };
  const { body } = await sent(token, '/v1/me/requests', form, 201);
  return `/v1/staff/requests/${body.id}`;
}
const records = (request: string, given: object) => sent(librarian, `${request}/record`, given, 200);

test('I6 the person for whom an institution asks is mailed, and what each person’s requests cost stands in a list and a table of its own', async () => {
  const { patron, token } = await account();
  const [one, two, three] = [
    await askedFor(token, 'Ada', 'The first'),
    await askedFor(token, 'Bert', 'The second'),
    await askedFor(token, 'Ada', '=HYPERLINK("x")'),
  ];
  await records(one, { step: 'shipped' });
  await records(three, { step: 'shipped' });
  await records(two, { step: 'not-obtained' });
  const mail = await carrel.mailbox.waitFor(({ to }) => to.includes('bert@example.org'), 20_000);
  expect(mail.subject).toContain('The second');
  expect(carrel.mailbox.messages.filter(({ to }) => to.includes('ada@example.org'))).toEqual([]);
  await carrel.mailbox.waitFor(
    ({ to, subject }) => to.includes(patron.email ?? '') && subject.includes('The second'),
    20_000,
  );

  const costs = await carrel.call(token, 'GET', '/v1/me/request-costs');
  expect(costs.body).toMatchObject({
    people: [
      {
        person: 'Ada',
        email: 'ada@example.org',
        charged: { amountMinor: 800 },
        open: { amountMinor: 800 },
        requests: [{ title: 'The first', charged: { amountMinor: 400 } }, { charged: { amountMinor: 400 } }],
      },
    ],
    totals: [{ charged: { amountMinor: 800 } }],
  });
  const past = await carrel.call(token, 'GET', '/v1/me/request-costs?to=2001-01-01');
  expect(past.body).toEqual({ people: [], totals: [] });

  const stranger = await account();
  const theirs = await carrel.call(stranger.token, 'GET', '/v1/me/request-costs');
  expect(theirs.body).toEqual({ people: [], totals: [] });
  expect(
    (await carrel.call(stranger.token, 'GET', '/v1/me/request-costs?library=chikushino')).body.code,
  ).toBe('not-your-library');
});

test('I6 the table is one that spreadsheets read, and no title is a formula in it', async () => {
  const { token } = await account();
  await records(await askedFor(token, 'Cleo', '=HYPERLINK("x")'), { step: 'shipped' });
  const response = await fetch(`${carrel.url}/v1/me/request-costs.csv`, {
    headers: { authorization: `Bearer ${token}`, 'accept-language': 'en' },
  });
  expect(response.headers.get('content-type')).toContain('text/csv');
  const [head, line] = (await response.text()).split('\r\n');
  expect(head).toContain('For,E-mail,Transaction no.,Title,Charged on,Reader pays,Still to be paid,Currency');
  expect(line).toMatch(/^Cleo,cleo@example\.org,[^,]+,"'=HYPERLINK\(""x""\)",.*4\.00,4\.00,/u);
});
