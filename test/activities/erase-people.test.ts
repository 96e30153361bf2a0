import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type ActivityBench, startActivities } from '../support/activities.ts';
import { createObtaining, type Obtaining, withPeers } from '../support/obtaining.ts';

let bench: ActivityBench;
let ill: Obtaining;
const monday = Date.parse('2026-12-07T01:00:00Z');
const day = 86_400_000;

beforeAll(async () => {
  bench = await startActivities({
    change: withPeers(['one'], { mode: 'email', obtaining: { librarian: 'ill@demo.example' } }),
  });
  ill = createObtaining(bench, monday);
});
afterAll(() => bench?.stop());

const run = (sql: string, values: unknown[]) => bench.orm.em.fork().execute(sql, values);
const tidy = (days: number) => bench.perform((activities) => activities.tidy({ now: monday + days * day }));

/** A request for somebody without a card, of which a mail has gone out. */
async function forSomebody() {
  const id = await ill.begin({ content: { note: 'for Ms Momo' }, actor: 'system' });
  await run(
    `update ill_form set beneficiary = 'Momo', beneficiary_email = 'momo@reader.example', address = 'Theatre 1' where request_id = ?`,
    [id],
  );
  await run(
    `update notice set state = 'sent', recipient = 'ill@demo.example', subject = 's', body_text = 'Momo', settled_at = now() where subject_id = ?`,
    [id],
  );
  return id;
}

const people = (id: string) =>
  bench.rows(
    `select beneficiary, beneficiary_email as email, address, content ->> 'note' as note, content ->> 'title' as title,
       (select string_agg(body_text, '') from notice where subject_id = request_id) as mail
     from ill_form where request_id = ?`,
    [id],
  );

test('I6 I7 who has no account goes out of a request a year after its end, and out of its mails; what was asked for stays', async () => {
  const ended = await forSomebody();
  const open = await forSomebody();
  await ill.act(ended, { act: 'cancel', actor: 'system' });
  const named = { beneficiary: 'Momo', email: 'momo@reader.example', address: 'Theatre 1', mail: 'Momo' };
  await tidy(300);
  expect(await people(ended)).toMatchObject([named]);
  expect(await tidy(400)).toMatchObject({ erased: 1 });
  expect(await people(ended)).toEqual([
    { beneficiary: null, email: null, address: null, note: null, title: 'Momo', mail: '' },
  ]);
  expect(await people(open)).toMatchObject([named]);
  expect(await tidy(401)).toMatchObject({ erased: 0 });
});
