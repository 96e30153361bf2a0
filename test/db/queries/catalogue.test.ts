import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { MikroORM } from '@mikro-orm/postgresql';
import { searchTitles, type TitleSearch } from '../../../db/queries/catalogue.ts';
import { titleById } from '../../../db/queries/title.ts';
import { openOrm } from '../../../db/orm.ts';
import { isHoldable } from '../../../domain/holdable.ts';
import { seed } from '../../../dev/seed.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';
import { policies } from '../../support/made-once.ts';

const policy = policies.get('demo');
const now = new Date('2026-11-22T09:00:00Z');

let database: TestDatabase;
let orm: MikroORM;

beforeAll(async () => {
  database = await createTestDatabase();
  orm = await openOrm({ databaseUrl: database.url });
  await seed({ orm, policy, now, say: () => {} });
});

afterAll(async () => {
  await orm?.close(true);
  await database?.drop();
});

function search(query: string, more: Partial<TitleSearch> = {}) {
  return searchTitles(orm.em.fork(), { library: 'demo', query, limit: 20, ...more });
}

async function found(query: string, more: Partial<TitleSearch> = {}): Promise<string[]> {
  return (await search(query, more)).titles.map(({ title }) => title);
}

async function change(sql: string, values: unknown[] = []): Promise<void> {
  await orm.em.fork().execute(sql, values);
}

async function detail(controlNumber: string) {
  const [row] = await orm.em
    .fork()
    .execute<{ id: string }[]>(`select id from title where control_number = ?`, [controlNumber]);
  const title = await titleById(orm.em.fork(), { library: 'demo', id: row?.id ?? '' });
  if (!title) throw new Error(`There is no ${controlNumber}.`);
  return title;
}

describe('search', () => {
  test.each([
    ['a part of a Japanese title', '失格', ['人間失格']],
    ['one character', '猫', ['吾輩は猫である']],
    ['two characters within a word', '輩は', ['吾輩は猫である']],
    ['an author in the original script', '夏目漱石', ['こころ', '吾輩は猫である', '坊っちゃん']],
    ['an author with blanks and punctuation', '夏目, 漱石', ['こころ', '吾輩は猫である', '坊っちゃん']],
    ['an author romanised, without marks', 'natsume soseki', ['こころ', '吾輩は猫である']],
    ['a romanised title in other capitals', 'GINGA Tetsudo', ['銀河鉄道の夜']],
    ['a title’s reading in katakana or hiragana', 'ボッチャン', ['坊っちゃん']],
    ['katakana for hiragana', 'ココロ', ['こころ']],
    ['Chinese', '红楼', ['红楼梦']],
    ['Chinese without tones', 'xi you ji', ['西游记']],
    ['traditional characters', '唐詩', ['唐詩三百首']],
    ['umlauts and what stands for them', 'hausmarchen', ['Kinder- und Hausmärchen']],
    ['words in another order, of title and author', 'kafka process', ['Der Process']],
    ['parts of words', 'zarath spra', ['Also sprach Zarathustra : ein Buch für Alle und Keinen']],
    ['a publisher', 'moldau-verlag verwandlung', ['Die Verwandlung']],
    ['an ISBN with hyphens', '978-3-9800016-1-8', ['Die Verwandlung']],
    ['an ISSN', '2999-0106', ['Stadtgespräch : Zeitschrift für Nachbarschaft und Garten']],
    ['one letter that no title has', 'ß𠮷', []],
    ['all words, not any', 'kafka faust', []],
    ['pairs of characters that are there, but not in this order', '川の音川', []],
    ['wildcards as text', '%', []],
    ['backslashes and quotes', `\\'";--`, []],
  ])('%s: %s', async (_, query, titles) => {
    expect(await found(query)).toEqual(titles);
  });

  test('an ISBN of ten digits finds the title with thirteen', async () => {
    expect(await found('', { isbn: '3-9800-0161-X' })).toEqual(['Die Verwandlung']);
    expect(await found('3-9800-0161-X')).toEqual(['Die Verwandlung']);
    expect(await found('', { isbn: 'no number' })).toEqual([]);
  });

  test('only the library’s own titles', async () => {
    expect(await found('faust', { library: 'zju' })).toEqual([]);
  });

  test('pages hold every title once, in order, though titles are added in between', async () => {
    const titles: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await search('', { limit: 7, cursor });
      titles.push(...page.titles.map(({ controlNumber }) => controlNumber));
      cursor = page.next ?? undefined;
      await change(
        `insert into title (id, library, control_number, kind, title, sort_key, search_text, created_at)
         values (gen_random_uuid(), 'demo', gen_random_uuid()::text, 'book', 'AAA', 'aaa', 'aaa', now())`,
      );
    } while (cursor !== undefined);
    expect(titles).toHaveLength(48);
    expect(new Set(titles).size).toBe(48);
    await change(`delete from title where title = 'AAA'`);
  });

  test('a cursor that is none begins anew', async () => {
    for (const cursor of ['', 'x', 'WyJhIl0', Buffer.from('["a","b"]').toString('base64url')])
      expect((await search('', { limit: 1, cursor })).titles[0]?.title).toBe(
        'The adventures of Sherlock Holmes',
      );
  });

  test('the index serves queries of two characters', async () => {
    const [plan] = await orm.em.fork().transactional(async (tx) => {
      await tx.execute('set local enable_seqscan = off');
      await tx.execute('set local enable_indexscan = off');
      return tx.execute<Record<string, string>[]>(
        `explain (format json) select id from title where search_grams(search_text) @> search_grams('失格') and strpos(search_text, '失格') > 0`,
      );
    });
    expect(JSON.stringify(plan)).toContain('title_search');
  });
});

describe('availability', () => {
  test('H1 a book is holdable once every copy is away', async () => {
    const reasons = async () => {
      const [title] = (await search('max und moritz')).titles;
      return title && isHoldable(title.facts, policy).map(({ code }) => code);
    };
    expect(await reasons()).toEqual(['on-shelf']);
    await change(`update item set state = 'on-loan' where shelf_mark = 'DE BUS' and branch = 'main'`);
    expect(await reasons()).toEqual(['on-shelf']);
    await change(`update item set state = 'on-loan' where shelf_mark = 'DE BUS'`);
    expect(await reasons()).toEqual([]);
    expect((await search('max und moritz')).titles).toMatchObject([
      { copies: { 'on-loan': 2 }, openHolds: 0 },
    ]);
  });

  test('H1 a magazine is holdable by its latest issue, of which it may have several copies', async () => {
    const [title] = (await search('stadtgesprach')).titles;
    expect(title?.facts.items).toHaveLength(2);
    expect(title?.copies).toEqual({ available: 7 });
    expect(title && isHoldable(title.facts, policy)).toEqual([]);
  });

  test('H1 an older issue is not, and a withdrawn issue is not the latest', async () => {
    const magazine = await detail('demo-042');
    const [latest, older] = magazine.items;
    expect(latest).toMatchObject({
      issue: '2026年11月号',
      issuedOn: '2026-11-01',
      isLatestIssue: true,
      branch: 'main',
      dueAt: null,
    });
    expect(isHoldable(magazine.facts, policy, older?.id)).toEqual([{ code: 'not-latest-issue' }]);
    await change(`update item set state = 'withdrawn' where id = ?`, [latest?.id]);
    const after = await detail('demo-042');
    expect(after.items[0]).toMatchObject({ id: older?.id, isLatestIssue: true });
    expect(isHoldable(after.facts, policy, older?.id)).toEqual([]);
    expect(isHoldable(after.facts, policy, latest?.id).map(({ code }) => code)).toContain('item-withdrawn');
  });

  test('H1 what is not for loan is not holdable', async () => {
    const [title] = (await search('librarian’s companion')).titles;
    expect(title && isHoldable(title.facts, policy)).toEqual([{ code: 'not-for-loan' }]);
  });

  test('H5 open holds are counted, ended ones are not', async () => {
    await change(
      `insert into hold (id, library, patron_id, title_id, kind, state, pickup_place, contact, channel, placed_by, placed_at, ended_at, end_reason)
       select gen_random_uuid(), 'demo', patron.id, title.id, 'book', s.state, 'main', 'none', 'web', 'system', now(),
         case when s.state = 'cancelled' then now() end, null
       from title, (values ('01000001', 'waiting'), ('01000002', 'waiting'), ('01000003', 'cancelled')) s(card, state)
       join patron on patron.card = s.card where title.control_number = 'demo-021'`,
    );
    expect((await search('faust')).titles).toMatchObject([{ openHolds: 2 }]);
  });

  test('a title of another library is not there', async () => {
    const { id } = await detail('demo-001');
    expect(await titleById(orm.em.fork(), { library: 'zju', id })).toBeUndefined();
  });
});

test('the demonstration library is filled once: what happens in it stays', async () => {
  await change(`update patron set name = 'Somebody else' where card = '01000001'`);
  const said: string[] = [];
  const signIns = await seed({ orm, policy, now, say: (line) => said.push(line) });
  expect(said).toEqual([]);
  expect(signIns.readers).toHaveLength(12);
  expect(signIns.readers[0]).toMatchObject({ card: '01000001', name: 'Somebody else' });
  expect(new Set(signIns.readers.map(({ language }) => language))).toEqual(new Set(['ja', 'zh', 'de', 'en']));
  expect(signIns.staff.map(({ login }) => login)).toEqual([
    'desk',
    'administrator',
    'cashier',
    'ill',
    'operator',
  ]);
});
