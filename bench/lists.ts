import autocannon from 'autocannon';
import { round } from './measure.ts';
import { makeCopies, makePatrons } from './rows.ts';
import { signIn, type Stage } from './stage.ts';

export interface Lists {
  readonly carrelPerSec: number;
  readonly barePerSec: number;
  readonly ratio: number;
}

const held = 6;
const lent = 8;

/** A reader with six holds and eight loans. */
async function makeReader({ sql }: Stage): Promise<string> {
  const [patron = ''] = await makePatrons(sql, 1);
  const copies = await makeCopies(sql, held + lent, 'on-loan');
  for (const [index, { titleId, itemId }] of copies.entries()) {
    if (index < held) {
      await sql(
        `insert into hold (id, library, patron_id, title_id, kind, state, pickup_place, contact, channel, placed_by, placed_at)
         values (gen_random_uuid(), 'bench', ?, ?, 'book', 'waiting', 'main', 'mail', 'web', 'system', now())`,
        [patron, titleId],
      );
    } else {
      await sql(
        `insert into loan (id, library, patron_id, title_id, item_id, kind, branch, checked_out_at, checked_out_by, due_at)
         values (gen_random_uuid(), 'bench', ?, ?, ?, 'book', 'main', now(), 'system', now() + interval '5 days')`,
        [patron, titleId, itemId],
      );
    }
  }
  return patron;
}

/** "My holds" and "my loans" in turn, against a bare Express with a `select` each; requests a second. */
export async function measureLists(stage: Stage, seconds: number): Promise<Lists> {
  const patron = await makeReader(stage);
  const headers = { authorization: `Bearer ${await signIn(stage, 'patron', patron)}` };
  const load = async (url: string, paths: string[]) => {
    const requests = paths.map((path) => ({ path, headers }));
    const result = await autocannon({ url, requests, connections: 16, duration: seconds });
    if (result.non2xx > 0 || result.errors > 0)
      throw new Error(`${url}: ${result.non2xx} refusals, ${result.errors} errors`);
    return result.requests.average;
  };
  const carrel = () => load(stage.url, ['/v1/me/holds', '/v1/me/loans']);
  const bare = () => load(stage.bareListsUrl, [`/holds/${patron}`, `/loans/${patron}`]);
  await carrel();
  await bare();
  const [carrelPerSec, barePerSec] = [await carrel(), await bare()];
  return {
    carrelPerSec: round(carrelPerSec, 0),
    barePerSec: round(barePerSec, 0),
    ratio: round(carrelPerSec / barePerSec),
  };
}
