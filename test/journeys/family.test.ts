import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { v7 as uuid } from 'uuid';
import { Patron } from '../../db/entities/index.ts';
import { type Carrel, startCarrel, until } from '../support/carrel.ts';
import { type Console, createDesks, type Desks } from '../support/desk.ts';
import { codesOf, createReaders } from '../support/readers.ts';

let carrel: Carrel;
let desks: Desks;
let readers: ReturnType<typeof createReaders>;
let desk: Console;
beforeAll(async () => {
  carrel = await startCarrel();
  desks = createDesks(carrel);
  readers = createReaders(carrel);
  desk = await desks.staff('desk');
}, 60_000);
afterAll(() => carrel.stop());

const link = (sub: { id: string }, main: { card: string }, more: object = {}) =>
  desk.post(`/v1/staff/patrons/${sub.id}/main-card`, { card: main.card, ...more });
const familyAt = async (id: string) => desks.expecting(200, desk.get(`/v1/staff/patrons/${id}/family`));

describe('at the desk', () => {
  test('F9 F1 F5 a sub card is linked by the main card’s number; the list shows on the main card’s record only', async () => {
    const main = await desks.build.patron({ paidUntil: '2097-03-31', name: 'Anna Weber' });
    const sub = await desks.build.patron({ paidUntil: '2026-01-31', name: 'Ben Weber', userGroup: 'child' });
    const linked = await desks.expecting(200, link(sub, main, { note: 'Mother and son' }));
    expect(linked).toMatchObject({ mainCard: { id: main.id, card: main.card }, subCards: [] });
    expect(await familyAt(main.id)).toMatchObject({
      mainCard: null,
      subCards: [
        { id: sub.id, card: sub.card, name: 'Ben Weber', userGroup: 'child', paidUntil: '2097-03-31' },
      ],
    });
    const { items } = await desks.expecting(200, desk.get(`/v1/staff/patrons/${sub.id}/events`));
    expect(items[0]).toMatchObject({
      kind: 'family-linked',
      text: 'Linked to a main card as its sub card',
      actor: { kind: 'staff', name: desk.name },
      remark: 'Mother and son',
    });
  });

  test('F8 a sub card is unlinked, keeps what is paid, and its holder is told in the account', async () => {
    const main = await desks.build.patron({ paidUntil: '2097-03-31' });
    const sub = await desks.build.patron();
    await desks.expecting(200, link(sub, main));
    const path = `/v1/staff/patrons/${sub.id}/main-card`;
    expect(await desks.expecting(200, desk.remove(path))).toMatchObject({ mainCard: null, linkedAt: null });
    expect((await desk.remove(path)).body).toMatchObject({ status: 409, code: 'not-a-sub-card' });
    const card = await desks.expecting(200, desk.get(`/v1/staff/patrons/${sub.id}`));
    expect(card.paidUntil).toBe('2097-03-31');
    await desks.expecting(200, link(sub, main));
    await desks.expecting(200, desk.remove(path));
    const told = async () =>
      (await desks.expecting(200, desk.get(`/v1/staff/patrons/${sub.id}/notices`))).items.map(
        ({ kind, state }: Record<string, string>) => `${kind} ${state}`,
      );
    const twice = ['family-unlinked shown', 'family-linked shown'];
    expect(await until(told, (seen) => !seen.some((each: string) => each.endsWith('queued')))).toEqual([
      ...twice,
      ...twice,
    ]);
  });

  test('F11 what cannot be linked is refused with every reason, in words', async () => {
    const [main, sub, other] = [
      await desks.build.patron(),
      await desks.build.patron(),
      await desks.build.patron(),
    ];
    await desks.expecting(200, link(sub, main));
    const refused = await link(main, sub);
    expect(refused.status).toBe(409);
    expect(codesOf(refused.body.reasons)).toEqual(['main-card-is-sub', 'sub-card-has-subs']);
    expect((await link(other, { card: '09999999' })).body).toMatchObject({
      status: 404,
      code: 'main-card-unknown',
      title: 'Main card not found',
    });
    expect(codesOf((await link(other, other)).body.reasons)).toEqual(['main-card-own']);
    const closing = await desk.post(`/v1/staff/patrons/${main.id}/closure`, {});
    expect(codesOf(closing.body.reasons)).toEqual(['patron-has-subs']);
  });

  test('F11 a main card’s holder moves away: the sub cards pass to another main card, and the card can be closed', async () => {
    const [main, heir] = [
      await desks.build.patron({ paidUntil: '2097-01-31' }),
      await desks.build.patron({ paidUntil: '2097-05-31' }),
    ];
    const subs = [await desks.build.patron(), await desks.build.patron()];
    for (const sub of subs) await desks.expecting(200, link(sub, main));
    const hand = (from: { id: string }, card: string | null) =>
      desk.post(`/v1/staff/patrons/${from.id}/sub-cards/handover`, { card });
    expect((await desks.expecting(200, hand(main, heir.card))).subCards).toEqual([]);
    expect((await familyAt(heir.id)).subCards).toMatchObject([
      { paidUntil: '2097-05-31' },
      { paidUntil: '2097-05-31' },
    ]);
    await desks.expecting(200, desk.post(`/v1/staff/patrons/${main.id}/closure`, {}));
    await desks.expecting(200, hand(heir, null));
    expect(await familyAt(subs[0]?.id ?? '')).toMatchObject({ mainCard: null });
    expect(codesOf((await hand(heir, null)).body.reasons)).toEqual(['no-sub-cards']);
  });

  test('F1 a library that has no family cards links none', async () => {
    const elsewhere = createDesks(carrel, 'chikushino');
    const colleague = await elsewhere.staff('desk');
    const [main, sub] = [await elsewhere.build.patron(), await elsewhere.build.patron()];
    const refused = await colleague.post(`/v1/staff/patrons/${sub.id}/main-card`, { card: main.card });
    expect(codesOf(refused.body.reasons)).toEqual(['family-not-offered']);
  });
});

describe('managing a sub card’s holds and loans', () => {
  const family = async (ofSub: object = {}) => {
    const [mainCard, subCard] = [await desks.build.patron(), await desks.build.patron(ofSub)];
    await desks.expecting(200, link(subCard, mainCard));
    return { main: await readers.signedIn(mainCard.id), sub: await readers.signedIn(subCard.id) };
  };

  test('F1 without consent the main card’s holder sees nothing of the sub card', async () => {
    const { main, sub } = await family();
    const { title } = await readers.lentTitle();
    const own = `/v1/me/family/${sub.id}`;
    const wish = { titleId: title.id, pickupPlace: readers.branch, contact: 'none' };
    const answers = [
      await main.get(`${own}/holds`),
      await main.get(`${own}/holds/${uuid()}`),
      await main.get(`${own}/loans`),
      await main.post(`${own}/holds`, wish),
      await main.post(`${own}/holds/cancellations`, { holds: [uuid()] }),
      await main.post(`${own}/renewals`, { loans: [uuid()] }),
      await sub.get(`/v1/me/family/${main.id}/holds`),
      await main.get(`/v1/me/family/${main.id}/holds`),
    ];
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 404));
    expect(new Set(answers.map(({ body }) => body.code))).toEqual(new Set(['consent-unknown']));
    expect((await main.get('/v1/me/family')).body).toMatchObject({
      mainCard: null,
      subCards: [{ id: sub.id, consent: null }],
    });
  });

  test('F1 the sub card’s holder agrees, the main card’s holder acts, either ends it at once; all of it is on record', async () => {
    const { main, sub } = await family();
    const { title } = await readers.lentTitle();
    const own = `/v1/me/family/${sub.id}`;
    const agreed = await desks.expecting(200, sub.post('/v1/me/family/consent', undefined));
    expect(agreed).toMatchObject({ mainCard: { id: main.id }, consent: { basis: 'holder', endsOn: null } });

    const wish = { titleId: title.id, pickupPlace: readers.branch, contact: 'none' };
    const placed = await main.post(`${own}/holds`, wish);
    expect(placed).toMatchObject({ status: 201, body: { state: 'waiting', position: 1 } });
    expect(placed.headers.get('location')).toBe(`${own}/holds/${placed.body.id}`);
    expect((await main.get(`${own}/holds/${placed.body.id}`)).body.id).toBe(placed.body.id);
    expect((await sub.holds()).map(({ id }) => id)).toEqual([placed.body.id]);
    expect(await main.holds()).toEqual([]);
    const changed = await main.post(`${own}/holds/changes`, { holds: [placed.body.id], contact: 'phone' });
    expect(changed.body.lines).toMatchObject([{ outcome: 'done', hold: { contact: 'phone' } }]);
    const cancelled = await main.post(`${own}/holds/cancellations`, { holds: [placed.body.id] });
    expect(cancelled.body.lines).toMatchObject([
      { outcome: 'done', hold: { endText: 'Cancelled by the main card’s holder' } },
    ]);

    const copy = await readers.build.item(title.id, { branch: readers.branch });
    const loanId = await readers.lend(sub.id, copy.id);
    expect((await main.get(`${own}/loans`)).body.items).toMatchObject([{ id: loanId, renewable: true }]);
    const renewed = await main.post(`${own}/renewals`, { loans: [loanId, uuid()] });
    expect(renewed.body.lines.map((line: { outcome: string }) => line.outcome)).toEqual(['done', 'refused']);

    for (const reader of [main, sub]) {
      const { items } = (await reader.get('/v1/me/family/acts')).body;
      expect(items.map(({ kind }: { kind: string }) => kind)).toEqual([
        'renewed',
        'hold-cancelled',
        'hold-changed',
        'hold-placed',
        'family-consent-given',
        reader === main ? 'sub-card-joined' : 'family-linked',
      ]);
      expect(items[0]).toMatchObject({ title: title.title, card: { id: sub.id }, own: reader === main });
    }
    const [event] = await desks.sql<{ actor: string }>('select actor from event where subject_id = ?', [
      placed.body.id,
    ]);
    expect(event?.actor).toBe(`patron:${main.id}`);
    const story = await desks.expecting(200, desk.get(`/v1/staff/patrons/${sub.id}/events`));
    const { name } = await carrel.orm.em.fork().findOneOrFail(Patron, { id: main.id });
    expect(story.items[0]).toMatchObject({ kind: 'renewed', actor: { kind: 'patron', name } });

    expect((await sub.remove('/v1/me/family/consent')).body).toMatchObject({ consent: null });
    expect((await main.get(`${own}/loans`)).status).toBe(404);
    expect((await sub.remove('/v1/me/family/consent')).status).toBe(404);
    await desks.expecting(200, sub.post('/v1/me/family/consent', undefined));
    expect((await main.get(`${own}/loans`)).status).toBe(200);
    expect((await main.remove(`${own}/consent`)).body.subCards).toMatchObject([{ consent: null }]);
    expect((await main.get(`${own}/loans`)).status).toBe(404);
  });

  test('F7 F4 the sub card’s own standing counts, not that of the main card', async () => {
    const { main, sub } = await family({ paidUntil: null });
    await desks.expecting(200, sub.post('/v1/me/family/consent', undefined));
    await desks.build.block(main.id);
    const { title } = await readers.lentTitle();
    const wish = { titleId: title.id, pickupPlace: readers.branch, contact: 'none' };
    expect((await main.post(`/v1/me/family/${sub.id}/holds`, wish)).status).toBe(201);
    await desks.build.block(sub.id);
    const other = await readers.lentTitle();
    const refused = await main.post(`/v1/me/family/${sub.id}/holds`, { ...wish, titleId: other.title.id });
    expect(codesOf(refused.body.reasons)).toEqual(['patron-blocked']);
  });

  test('F1 staff agree for a child, and for nobody older', async () => {
    const child = await family({ birthDate: '2019-05-05' });
    const path = (id: string) => `/v1/staff/patrons/${id}/family-consent`;
    expect(
      await desks.expecting(200, desk.post(path(child.sub.id), { note: 'Asked by the mother' })),
    ).toMatchObject({
      consent: { basis: 'staff', endsOn: '2033-05-05' },
    });
    expect((await child.main.get(`/v1/me/family/${child.sub.id}/holds`)).status).toBe(200);
    const again = await desk.post(path(child.sub.id), {});
    expect(codesOf(again.body.reasons)).toEqual(['consent-exists']);
    await desks.expecting(200, desk.remove(path(child.sub.id), { note: 'The mother asked' }));
    expect((await child.main.get(`/v1/me/family/${child.sub.id}/holds`)).status).toBe(404);

    const adult = await family({ birthDate: '1990-05-05' });
    const refused = await desk.post(path(adult.sub.id), {});
    expect(codesOf(refused.body.reasons)).toEqual(['consent-by-holder-only']);
    const nobody = await family({ birthDate: null });
    expect(codesOf((await desk.post(path(nobody.sub.id), {})).body.reasons)).toEqual(['birth-date-unknown']);
    expect(codesOf((await desk.post(path(nobody.main.id), {})).body.reasons)).toEqual([
      'not-a-sub-card',
      'birth-date-unknown',
    ]);
  });

  test('F8 unlinking ends what was agreed; a new link begins without', async () => {
    const { main, sub } = await family();
    await desks.expecting(200, sub.post('/v1/me/family/consent', undefined));
    await desks.expecting(200, desk.remove(`/v1/staff/patrons/${sub.id}/main-card`));
    expect((await main.get(`/v1/me/family/${sub.id}/holds`)).status).toBe(404);
    expect(codesOf((await sub.post('/v1/me/family/consent', undefined)).body.reasons)).toEqual([
      'not-a-sub-card',
    ]);
  });
});
