import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { v7 as uuid } from 'uuid';
import { type ActivityBench, startActivities } from '../support/activities.ts';
import { createFamilies, type Families } from '../support/family.ts';
import { contest, createActs, lentTitle, refusals, rounds } from './race.ts';

const now = Date.UTC(2026, 5, 1, 10);

let bench: ActivityBench;
let act: ReturnType<typeof createActs>;
let families: Families;
beforeAll(async () => {
  bench = await startActivities();
  act = createActs(bench);
  families = createFamilies(bench, now);
});
afterAll(() => bench.stop());

const cards = (n: number) => Promise.all(Array.from({ length: n }, () => bench.build.patron()));
const mainOf = async (id: string) => (await families.card(id)).mainId;

/** Runs a race in which exactly one of two may win, and both ways of winning have to come to pass. */
async function oneWins(
  race: (round: number) => Promise<readonly [object, object]>,
  losers: readonly [string, string],
): Promise<void> {
  const seen = new Set<string>();
  for (let round = 0; round < rounds; round += 1) {
    const [one, other] = await race(round);
    const [first, second] = [refusals(one), refusals(other)];
    expect([
      [[], [losers[1]]],
      [[losers[0]], []],
    ]).toContainEqual([first, second]);
    seen.add(first.length === 0 ? 'one' : 'other');
  }
  expect(seen.size).toBe(2);
}

test('F11 two desks that link the same card to different main cards: one wins, the other is told', async () => {
  await oneWins(
    async (round) => {
      const [sub, first, second] = (await cards(3)).map(({ id }) => id) as [string, string, string];
      const answers = await contest(
        round,
        () => families.link(sub, first),
        () => families.link(sub, second),
      );
      expect(await mainOf(sub)).toBe(refusals(answers[0]).length === 0 ? first : second);
      return answers;
    },
    ['already-sub-card', 'already-sub-card'],
  );
});

test('F11 one card linked to another while that is linked to the first: no circle', async () => {
  for (let round = 0; round < rounds; round += 1) {
    const [one, other] = (await cards(2)).map(({ id }) => id) as [string, string];
    const answers = await contest(
      round,
      () => families.link(one, other),
      () => families.link(other, one),
    );
    expect(answers.flatMap(refusals).toSorted()).toEqual(['main-card-is-sub', 'sub-card-has-subs']);
    expect([await mainOf(one), await mainOf(other)].filter((id) => id !== null)).toHaveLength(1);
  }
});

test('F11 a card linked to one that becomes a sub card itself: no chain', async () => {
  await oneWins(
    async (round) => {
      const [sub, middle, top] = (await cards(3)).map(({ id }) => id) as [string, string, string];
      return contest(
        round,
        () => families.link(sub, middle),
        () => families.link(middle, top),
      );
    },
    ['main-card-is-sub', 'sub-card-has-subs'],
  );
});

test('F11 a main card closed while a sub card is linked to it: never a sub card of a closed card', async () => {
  await oneWins(
    async (round) => {
      const [sub, main] = (await cards(2)).map(({ id }) => id) as [string, string];
      return contest(
        round,
        () => families.link(sub, main),
        () => families.close(main),
      );
    },
    ['main-card-closed', 'patron-has-subs'],
  );
});

test('F11 sub cards handed over while one more is linked: it is handed over too, or stays with a main card that is not closed', async () => {
  for (let round = 0; round < rounds; round += 1) {
    const { main, subs } = await families.family(2);
    const [late, heir] = (await cards(2)).map(({ id }) => id) as [string, string];
    const answers = await contest(
      round,
      () => families.link(late, main.id),
      () => families.handOver(main.id, heir),
    );
    expect(answers.flatMap(refusals)).toEqual([]);
    for (const { id } of subs) expect(await mainOf(id)).toBe(heir);
    expect([heir, main.id]).toContain(await mainOf(late));
  }
});

test('F8 a sub card unlinked at two desks at once leaves once', async () => {
  for (let round = 0; round < rounds / 3; round += 1) {
    const { main, subs } = await families.family(1);
    const sub = subs[0]?.id ?? '';
    const answers = await contest(
      round,
      () => families.unlink(sub),
      () => families.unlink(sub),
    );
    expect(answers.flatMap(refusals)).toEqual(['not-a-sub-card']);
    expect(await families.story(main.id)).toEqual(['sub-card-joined', 'sub-card-left']);
  }
});

test('F1 consent taken back while the main card’s holder places a hold: nothing is done after it', async () => {
  const seen = new Set<boolean>();
  for (let round = 0; round < rounds; round += 1) {
    const { main, subs } = await families.family(1);
    const sub = subs[0]?.id ?? '';
    await families.agree(sub);
    const { titleId } = await lentTitle(bench, now);
    const holdId = uuid();
    const [placed, ended] = await contest(
      round,
      () => act.place(sub, titleId, now, { holdId, actor: `patron:${main.id}` }),
      () => families.disagree(sub),
    );
    expect(refusals(ended)).toEqual([]);
    const story = await bench.rows<{ kind: string }>(
      `select kind from event where patron_id = ? and kind in ('hold-placed', 'family-consent-ended') order by seq`,
      [sub],
    );
    const inTime = refusals(placed).length === 0;
    expect(refusals(placed)).toEqual(inTime ? [] : ['consent-unknown']);
    expect(story.map(({ kind }) => kind)).toEqual([
      ...(inTime ? ['hold-placed'] : []),
      'family-consent-ended',
    ]);
    seen.add(inTime);
  }
  expect(seen.size).toBe(2);
});

test('F11 after all these races no invariant is broken and no step met a deadlock', async () => {
  expect(await bench.audit(now + 60_000)).toEqual([]);
  expect([...bench.retries.keys()].filter((why) => !why.startsWith('MovedOn'))).toEqual([]);
});
