import { afterAll, beforeAll, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { bookEntry } from '../../activities/bank/entry-bookings.ts';
import { lockEntries } from '../../db/locks-in-bulk.ts';
import { inTransaction } from '../../db/transaction.ts';
import { type ActivityBench, startActivities } from '../support/activities.ts';
import { account, type Bank, createBank } from '../support/bank.ts';

const now = Date.UTC(2026, 5, 1, 10);

let bench: ActivityBench;
let bank: Bank;
beforeAll(async () => {
  bench = await startActivities();
  bank = await createBank(bench, now);
});
afterAll(() => bench.stop());

interface Scene {
  readonly charges: readonly {
    readonly amount: number;
    readonly disputed: boolean;
    readonly waits: boolean;
  }[];
  readonly prepaid: number;
  readonly ended: boolean;
  /** What comes, as percent of what is due; one transfer each. */
  readonly transfers: readonly number[];
  readonly emailState: 'confirmed' | 'unconfirmed';
}

const scene: fc.Arbitrary<Scene> = fc.record({
  charges: fc.array(
    fc.record({ amount: fc.integer({ min: 1, max: 5000 }), disputed: fc.boolean(), waits: fc.boolean() }),
    { minLength: 1, maxLength: 3 },
  ),
  prepaid: fc.constantFrom(0, 0, 500),
  ended: fc.boolean(),
  transfers: fc.array(fc.constantFrom(100, 100, 100, 50, 130), { minLength: 1, maxLength: 2 }),
  emailState: fc.constantFrom('confirmed', 'unconfirmed'),
});

/** Puts a scene into the database; `alone`: its entries are booked already, so that they go one by one. */
async function stage({ charges, prepaid, ended, transfers, emailState }: Scene, alone: boolean) {
  const { id: patronId } = await bench.build.patron({ name: 'The same', emailState });
  const ids: string[] = [];
  for (const { amount, waits } of charges)
    ids.push(await bank.charge(patronId, amount, waits ? 'ill:one' : undefined));
  const given = ended ? ({ state: 'expired', endedAt: new Date(now) } as const) : {};
  const payment = await bank.payment(patronId, ids, { prepaid: BigInt(prepaid), ...given });
  for (const [index, { disputed }] of charges.entries())
    if (disputed) await bench.rows('update charge set disputed_at = now() where id = ?', [ids[index]]);
  const entries: string[] = [];
  for (const percent of transfers) {
    const amount = Math.max(1, Math.floor((Number(payment.amount) * percent) / 100));
    entries.push(await bank.entry(amount, { remittance: payment.reference ?? '' }));
  }
  if (alone)
    await inTransaction(bench.orm, async (tx) => {
      for (const entry of await lockEntries(tx, entries))
        await bookEntry(tx, entry, { at: new Date(now), actor: 'system' });
    });
  return { patronId, payment, ids, entries };
}

type Staged = Awaited<ReturnType<typeof stage>>;

/** Everything that has been written for a scene, without what is another each time. */
async function written({ patronId, payment, ids, entries }: Staged): Promise<unknown> {
  const sql = `
    select 'journal' as "table", kind as what, (select jsonb_agg(jsonb_build_object(split_part(account, ':', 1), amount) order by account, amount)
        from posting where journal_id = journal.id) as how, payment_id is not null as owned, actor, at::text as at, substr(operation, 43) as operation
      from journal where entry_id = any(:entries)
    union all select 'allocation', array_position(:charges, charge_id)::text, to_jsonb(amount), true, '', '', '' from allocation
      where charge_id = any(:charges) and journal_id in (select id from journal where entry_id = any(:entries))
    union all select 'charge', array_position(:charges, id)::text, to_jsonb(remaining), true, '', '', '' from charge where id = any(:charges)
    union all select 'payment', state, to_jsonb(received), reversed_at is null, '', ended_at::text, '' from payment where id = :payment
    union all select 'line', array_position(:charges, charge_id)::text, to_jsonb(open), true, '', '', '' from payment_line where payment_id = :payment
    union all select 'event', kind, detail - 'paymentId', subject_id = :patron, actor, at::text, '' from event where patron_id = :patron
    union all select 'document', kind, (select jsonb_agg(line - 'chargeId' order by line->>'amountMinor', line::text) from jsonb_array_elements(content->'lines') line), journal_id is not null,
      language || currency || amount, issued_at::text, '' from money_document where payment_id = :payment
    union all select 'notice', kind, to_jsonb(channel), patron_id = :patron, language || state || audience, created_at::text, '' from notice where subject_id = :payment
    union all select 'entry', outcome, to_jsonb(amount), journal_id is not null, state || coalesce(decided_by, ''), decided_at::text, '' from bank_entry where id = any(:entries)
    union all select 'task', kind, 'null', resolved_at is null, '', '', '' from task where subject_id = any(:entries)
    order by 1, 2, 3, 4, 5, 6, 7`;
  const values: unknown[] = [];
  const named: Record<string, unknown> = {
    entries: [`{${entries.join(',')}}`, '::uuid[]'],
    charges: [`{${ids.join(',')}}`, '::uuid[]'],
    payment: [payment.id, '::uuid'],
    patron: [patronId, '::uuid'],
  };
  const text = sql.replaceAll(/(?<!:):(\w+)/g, (_all, name: string) => {
    const [value, type] = named[name] as [unknown, string];
    values.push(value);
    return `?${type}`;
  });
  return bench.rows(text, values);
}

test('P8 P9 settling many at once writes what settling one by one writes', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(scene, { minLength: 1, maxLength: 3 }), async (scenes) => {
      const before = bench.woken.length;
      const together: Staged[] = [];
      for (const each of scenes) together.push(await stage(each, false));
      await bank.match();
      const wokenTogether = bench.woken.splice(before).map((id) => id.replaceAll(/[0-9a-f-]{36}/g, ''));
      const alone: Staged[] = [];
      for (const each of scenes) alone.push(await stage(each, true));
      await bank.match();
      const wokenAlone = bench.woken.splice(before).map((id) => id.replaceAll(/[0-9a-f-]{36}/g, ''));
      for (const [index, each] of together.entries())
        expect(await written(each)).toEqual(await written(alone[index] as Staged));
      expect(new Set(wokenTogether)).toEqual(new Set(wokenAlone));
    }),
    { numRuns: 6, endOnFailure: true },
  );
  expect(await bank.balance(`suspense:${account}`)).toBe(0);
  await bench.rows('update charge set disputed_at = null');
  expect(await bench.audit(now + 60_000)).toEqual([]);
}, 120_000);
