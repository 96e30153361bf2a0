import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Carrel, startCarrel } from '../support/carrel.ts';
import { codesOf, createReaders } from '../support/readers.ts';

let carrel: Carrel;
let library: ReturnType<typeof createReaders>;

beforeAll(async () => {
  carrel = await startCarrel({ library: 'chikushino' });
  library = createReaders(carrel);
});

afterAll(() => carrel?.stop());

test('H1 a title on loan can be held, one that is free on the shelf cannot', async () => {
  const reader = await library.reader();
  const { title: lent } = await library.lentTitle({ title: 'Kokoro' });
  const free = await library.build.title();
  await library.build.item(free.id, { branch: library.branch });

  const placed = await reader.hold(lent.id);
  expect(placed.status).toBe(201);
  expect(placed.headers.get('location')).toBe(`/v1/holds/${placed.body.id}`);
  expect(placed.body).toMatchObject({
    state: 'waiting',
    position: 1,
    title: { id: lent.id, title: 'Kokoro' },
  });
  const refused = await reader.hold(free.id);
  expect(refused).toMatchObject({
    status: 409,
    body: { code: 'on-shelf', reasons: [{ code: 'on-shelf', copies: 1 }] },
  });
});

test('H1 the latest issue of a magazine can be held, on the shelf or not; an older one cannot', async () => {
  const reader = await library.reader();
  const magazine = await library.build.title({ kind: 'magazine' });
  const issue = (name: string, issuedOn: string) =>
    library.build.item(magazine.id, { issue: name, issuedOn, branch: library.branch });
  const [old, latest] = [await issue('10', '2026-10-01'), await issue('11', '2026-11-01')];

  expect(codesOf((await reader.hold(magazine.id, { itemId: old.id })).body.reasons)).toEqual([
    'not-latest-issue',
  ]);
  const placed = await reader.hold(magazine.id);
  expect(placed).toMatchObject({
    status: 201,
    body: { item: { id: latest.id, issue: '11', issuedOn: '2026-11-01' } },
  });
});
