import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Answer, type Carrel, startCarrel } from '../support/carrel.ts';
import { codesOf, createReaders, type Reader } from '../support/readers.ts';

/** Chikushino's limits – 10 books, 1 audiovisual item – at a library that lets readers hold from the shelf. */
let carrel: Carrel;
let library: ReturnType<typeof createReaders>;

beforeAll(async () => {
  carrel = await startCarrel({
    library: 'chikushino',
    change: (policy) => ({ ...policy, holds: { ...policy.holds, onShelf: true } }),
  });
  library = createReaders(carrel);
});

afterAll(() => carrel?.stop());

const shelved = async (kind: 'book' | 'magazine' | 'audiovisual' = 'book') => {
  const title = await library.build.title({ kind });
  await library.build.item(title.id, {
    branch: library.branch,
    issuedOn: kind === 'magazine' ? '2026-11-01' : null,
  });
  return title.id;
};

const titles = (n: number) => Promise.all(Array.from({ length: n }, () => shelved()));
const statuses = (answers: readonly Answer[]) =>
  answers.map(({ status }) => status).toSorted((a, b) => a - b);

/** Nine books held already. */
async function almostThere(): Promise<Reader> {
  const reader = await library.reader();
  for (const title of await titles(9)) await reader.hold(title);
  return reader;
}

test('H1 a library may let readers hold from the shelf', async () => {
  expect((await (await library.reader()).hold(await shelved())).status).toBe(201);
});

test('H2 ten books and one audiovisual item, magazines counted as books, whichever way they came', async () => {
  const reader = await almostThere();
  const { title } = await library.lentTitle();
  const byDesk = await carrel.commands.placeHold({
    holdId: crypto.randomUUID(),
    library: 'chikushino',
    patronId: reader.id,
    titleId: title.id,
    pickupPlace: 'library',
    contact: 'none',
    channel: 'desk',
    actor: 'staff:desk',
  });
  expect(byDesk.outcome).toBe('done');
  const refused = await reader.hold(await shelved('magazine'));
  expect(refused.body.reasons).toMatchObject([{ code: 'hold-limit-kind', kind: 'book', limit: 10, has: 10 }]);
  expect((await reader.hold(await shelved('audiovisual'))).status).toBe(201);
  expect(codesOf((await reader.hold(await shelved('audiovisual'))).body.reasons)).toEqual([
    'hold-limit',
    'hold-limit-kind',
  ]);
  expect(await reader.holds()).toHaveLength(11);
});

test('H2 requests at the same instant never pass the limit', async () => {
  const reader = await almostThere();
  for (let round = 0; round < 12; round += 1) {
    const answers = await Promise.all((await titles(4)).map((title) => reader.hold(title)));
    expect(statuses(answers)).toEqual([201, 409, 409, 409]);
    const held = await reader.holds();
    expect(held).toHaveLength(10);
    await reader.post('/v1/holds/cancellations', { holds: [held.at(-1).id] });
  }
});

test('H2 the same title asked for twice at the same instant is held once', async () => {
  for (let round = 0; round < 8; round += 1) {
    const [reader, title] = [await library.reader(), await shelved()];
    const answers = await Promise.all([reader.hold(title), reader.hold(title), reader.hold(title)]);
    expect(statuses(answers)).toEqual([201, 409, 409]);
    expect(answers.find(({ status }) => status === 409)?.body.code).toBe('hold-exists');
  }
});

test('H2 one request sent several times at once is one hold, and every answer is the same', async () => {
  for (let round = 0; round < 8; round += 1) {
    const [reader, title] = [await library.reader(), await shelved()];
    const answers = await Promise.all([1, 2, 3].map(() => reader.hold(title, {}, 'one')));
    expect(statuses(answers)).toEqual([201, 201, 201]);
    for (const { body } of answers) expect(body).toEqual(answers[0]?.body);
    expect(answers.filter(({ headers }) => headers.get('idempotency-replayed') === 'true')).toHaveLength(2);
    expect(await reader.holds()).toHaveLength(1);
  }
});
