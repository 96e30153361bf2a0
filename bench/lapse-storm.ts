import { setTimeout as sleep } from 'node:timers/promises';
import { createEngine } from '../engine/processes.ts';
import { percentile, perSecond, round } from './measure.ts';
import { makeCopies, makePatrons } from './rows.ts';
import { say, type Stage } from './stage.ts';

export interface LapseStorm {
  readonly windows: number;
  readonly lapsed: number;
  readonly lateP50Ms: number;
  readonly lateP99Ms: number;
}

interface Kept {
  readonly id: string;
  readonly patron_id: string;
}

/** Secured holds whose windows end one after another within the same minute, each carried by its workflow. */
async function keep({ sql }: Stage, windows: number, leadSeconds: number): Promise<Kept[]> {
  const copies = await makeCopies(sql, windows, 'available');
  const patrons = await makePatrons(sql, windows);
  const list = (ids: string[]) => `{${ids.join(',')}}`;
  const rows = await sql(
    `insert into hold (id, library, patron_id, title_id, kind, state, pickup_place, contact, channel, placed_by, placed_at,
        item_id, secured_at, contacted_at, keep_until)
     select gen_random_uuid(), 'bench', patron, title, 'book', 'secured', 'main', 'none', 'web', 'system', now(), item, now(), now(),
        now() + make_interval(secs => ? + 60.0 * n / ?)
     from unnest(?::uuid[], ?::uuid[], ?::uuid[]) with ordinality as row(patron, title, item, n)
     returning id, patron_id`,
    [
      leadSeconds,
      windows,
      list(patrons),
      list(copies.map(({ titleId }) => titleId)),
      list(copies.map(({ itemId }) => itemId)),
    ],
  );
  await sql(
    `update item set state = 'hold-shelf', hold_id = hold.id from hold where hold.item_id = item.id and hold.state = 'secured'`,
  );
  return rows as Kept[];
}

/** Windows that fall due within one minute: how many lapse, and how late after their instant. */
export async function measureLapseStorm(stage: Stage, windows: number): Promise<LapseStorm> {
  const lead = 20 + Math.ceil(windows / 40);
  const rows = await keep(stage, windows, lead);
  const engine = createEngine(stage.client, 'carrel');
  await perSecond(rows.length, 16, async (index) => {
    const { id, patron_id: patronId } = rows[index] as Kept;
    await engine.restart({ process: 'hold', id, library: 'bench', patronId, state: 'secured' });
  });
  say(`  … waiting for ${windows} windows to end`);
  const end = Date.now() + (lead + 180) * 1000;
  while ((await count(stage)) > 0 && Date.now() < end) await sleep(1_000);
  const late = await stage.sql(
    `select extract(epoch from ended_at - keep_until) * 1000 as ms from hold where state = 'lapsed' and contact = 'none'`,
  );
  const delays = (late as { ms: string }[]).map(({ ms }) => Number(ms));
  return {
    windows,
    lapsed: delays.length,
    lateP50Ms: round(percentile(delays, 0.5), 0),
    lateP99Ms: round(percentile(delays, 0.99), 0),
  };
}

async function count({ sql }: Stage): Promise<number> {
  const [row] = await sql(`select count(*)::int as n from hold where state = 'secured' and contact = 'none'`);
  return (row as { n: number }).n;
}
