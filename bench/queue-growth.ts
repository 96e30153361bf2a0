import { request } from './http.ts';
import { p50, round, timed } from './measure.ts';
import { makePatrons } from './rows.ts';
import { say, signIn, type Stage } from './stage.ts';

export interface QueueGrowth {
  readonly p50At1k: number;
  readonly p50At1M: number;
  readonly ratio: number;
}

const titles = 20_000;
const readers = 50_000;

/** Open holds spread over titles and readers, none twice; their workflows are not there, since placing another never asks them. */
async function growTo({ sql }: Stage, from: number, to: number): Promise<void> {
  await sql(
    `insert into hold (id, library, patron_id, title_id, kind, state, pickup_place, contact, channel, placed_by, placed_at)
     select gen_random_uuid(), 'bench', p.id, t.id, 'book', 'waiting', 'main', 'mail', 'web', 'system', now()
     from generate_series(?::int, ?::int) as series(i)
     join bench_title t on t.n = i % ${titles}
     join bench_patron p on p.n = (i % ${titles} + i / ${titles} * 977) % ${readers}`,
    [from, to - 1],
  );
  await sql('analyze hold');
}

async function prepare({ sql }: Stage): Promise<void> {
  await sql(`insert into title (id, library, control_number, kind, title, search_text, created_at)
    select gen_random_uuid(), 'bench', 'g' || n, 'book', 'A title', 'a title', now() from generate_series(1, ${titles}) n`);
  await sql(`insert into patron (id, library, card, name, language, user_group, created_at)
    select gen_random_uuid(), 'bench', 'g' || n, 'Reader', 'en', 'adult', now() from generate_series(1, ${readers}) n`);
  await sql(`insert into item (id, library, title_id, barcode, branch, state, state_since, at_branch, created_at)
    select gen_random_uuid(), 'bench', id, control_number, 'main', 'on-loan', now(), 'main', now() from title where control_number like 'g%'`);
  await sql(
    `create table bench_title as select id, row_number() over () - 1 as n from title where control_number like 'g%'`,
  );
  await sql(
    `create table bench_patron as select id, row_number() over () - 1 as n from patron where card like 'g%'`,
  );
  await sql('create index on bench_title (n)');
  await sql('create index on bench_patron (n)');
  await sql('analyze');
}

/** Placing holds on titles that have queues, by readers that have holds, at one thousand and at one million open holds. */
export async function measureQueueGrowth(stage: Stage, times: number, large: number): Promise<QueueGrowth> {
  await prepare(stage);
  await growTo(stage, 0, 1_000);
  await place(stage, 20, 0);
  const small = await place(stage, times, 20);
  say(`  … growing to ${large} open holds`);
  await growTo(stage, 1_000, large);
  await place(stage, 20, 20 + times);
  const grown = await place(stage, times, 40 + times);
  return { p50At1k: round(p50(small)), p50At1M: round(p50(grown)), ratio: round(p50(grown) / p50(small)) };
}

async function place(stage: Stage, times: number, offset: number): Promise<number[]> {
  const rows = await stage.sql('select id from bench_title order by n limit ? offset ?', [times, offset]);
  const [reader = ''] = await makePatrons(stage.sql, 1);
  const token = await signIn(stage, 'patron', reader);
  const taken: number[] = [];
  for (const { id } of rows as { id: string }[]) {
    const wish = { titleId: id, pickupPlace: 'main', contact: 'mail' };
    taken.push(await timed(() => request(`${stage.url}/v1/holds`, 'POST', token, wish)));
  }
  return taken;
}
