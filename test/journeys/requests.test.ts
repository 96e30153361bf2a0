import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { illPolicy } from '../../domain/policy-ill.ts';
import type { LibraryPolicy } from '../../domain/policy.ts';
import { type Carrel, startCarrel } from '../support/carrel.ts';

const words = (text: string) => ({ ja: text, zh: text, de: text, en: text });

const ill = illPolicy.parse({
  mode: 'email',
  requests: {
    limits: { open: 2, groups: { staff: { period: { requests: 1, per: 'P30D' } }, student: {} } },
    costLimit: { needed: true, maximumMinor: 5000 },
    copyright: [
      { version: '2025', text: words('Old.') },
      { version: '2026', from: '2026-01-01', text: words('For own study only.') },
    ],
    groupUsers: ['institution'],
    pickup: [{ place: 'main', campus: words('East'), window: words('Window 3'), phone: '0571-1' }],
    literature: { patent: 'none' },
  },
});

const change = (policy: LibraryPolicy): LibraryPolicy => ({ ...policy, ill, permissions: [] });

let carrel: Carrel;
beforeAll(async () => {
  carrel = await startCarrel({ change });
});
afterAll(() => carrel.stop());

const key = () => ({ 'idempotency-key': randomUUID() });

const loan = (title: string, more: object = {}) => ({
  service: 'loan',
  literature: 'book',
  work: { title },
  delivery: 'pickup',
  limitMinor: 1000,
  ...more,
});

async function readerOf(userGroup = 'adult') {
  const patron = await carrel.build.patron({ userGroup });
  return { patron, token: await carrel.build.sign('patron', patron.id) };
}

const submit = (token: string, body: object, headers = key()) =>
  carrel.call(token, 'POST', '/v1/me/requests', body, headers);

describe('a request', () => {
  test('I1 I11 I19 is submitted once, and shows what is wanted, where it stands and where to pick it up', async () => {
    const { token } = await readerOf();
    const headers = key();
    const first = await submit(
      token,
      loan('Der Turm', { work: { title: ' Der\u202E  Turm ', isbn: '3518420208' } }),
      headers,
    );
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
    const again = await submit(
      token,
      loan('Der Turm', { work: { title: ' Der\u202E  Turm ', isbn: '3518420208' } }),
      headers,
    );
    expect(again.body.id).toBe(first.body.id);
    const seen = await carrel.call(token, 'GET', first.headers.get('location') ?? '');
    expect(seen.body.steps[0].text).toBe('You submitted the request');
    const list = await carrel.call(token, 'GET', '/v1/me/requests');
    expect(list.body).toMatchObject({ total: 1, items: [{ no: 1, number: first.body.number }] });
  });
});
