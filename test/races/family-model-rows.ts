import { Temporal } from 'temporal-polyfill';
import { v7 as uuid } from 'uuid';
import { raiseCharge } from '../../activities/money.ts';
import { lockPatron, present } from '../../db/locks.ts';
import { inTransaction } from '../../db/transaction.ts';
import type { ActivityBench } from '../support/activities.ts';
import { createFamilies } from '../support/family.ts';
import { type Act, describe, feeMinor } from './family-model.ts';
import { createActs, lentTitle, refusals } from './race.ts';

const first = Temporal.PlainDate.from('2026-06-01');
const dayMs = 86_400_000;

const dateOf = (day: number): string => first.add({ days: day }).toString();
const dayOf = (date: string): number => first.until(date, { largestUnit: 'days' }).days;

interface Row {
  readonly id: string;
  readonly main_id: string | null;
  readonly paid_until: string;
  readonly blocked: boolean;
  readonly closed: boolean;
  readonly owes: number;
}

/** What the model does, done by the activities on rows; each act is an hour after the one before it, or as many days as are waited. */
export async function createRows(bench: ActivityBench, paidUntil: Readonly<Record<string, number>>) {
  const start = Date.UTC(2026, 5, 1, 6);
  const families = createFamilies(bench, start);
  const act = createActs(bench);
  const ids = new Map<string, string>();
  for (const [name, until] of Object.entries(paidUntil))
    ids.set(name, (await bench.build.patron({ paidUntil: dateOf(until) })).id);
  let today = 0;
  let acts = 0;
  const idOf = (name: string) => present(ids.get(name), `card ${name}`);
  const nameOf = (id: string | null) => [...ids].find(([, each]) => each === id)?.[0] ?? 'nobody';
  const now = () => start + today * dayMs + acts * 1_000;

  /** A charge that is not the usage fee: what a late return would book (F6). */
  const charge = (card: string) =>
    inTransaction(bench.orm, async (tx) => {
      const patron = present(await lockPatron(tx, idOf(card)), card);
      const subject = { type: 'loan', id: uuid(), library: patron.library, patronId: patron.id } as const;
      const at = new Date(now());
      await raiseCharge(tx, subject, {
        cause: 'overdue',
        amountMinor: feeMinor,
        currency: 'EUR',
        at,
        actor: 'system',
      });
      return {};
    });

  /** Self-service: a hold on the web, cancelled again so that no limit is met. */
  async function use(card: string): Promise<object> {
    const { titleId } = await lentTitle(bench, now());
    const holdId = uuid();
    const placed = await act.place(idOf(card), titleId, now(), { holdId });
    if (refusals(placed).length === 0) await act.cancel(holdId, idOf(card), now());
    return placed;
  }

  async function lift(card: string): Promise<object> {
    const blocks = await bench.rows<{ id: string }>(
      'select id from block where patron_id = ? and lifted_at is null',
      [idOf(card)],
    );
    for (const { id } of blocks) await act.lift(idOf(card), id, now());
    return {};
  }

  const simply = {
    unlink: (card: string) => families.unlink(idOf(card), now()),
    close: (card: string) => families.close(idOf(card), now()),
    block: (card: string) => act.block(idOf(card), now()),
    lift,
    charge,
    use,
  } as const;

  function answerTo(asked: Exclude<Act, { do: 'wait' }>): Promise<object> {
    if (asked.do === 'link') return families.link(idOf(asked.card), idOf(asked.main), now());
    if (asked.do === 'hand-over')
      return families.handOver(idOf(asked.card), asked.heir === null ? null : idOf(asked.heir), now());
    return simply[asked.do](asked.card);
  }

  return {
    now,
    /** Whether it was done, and not refused. */
    async apply(asked: Act): Promise<boolean> {
      acts += 1;
      if (asked.do === 'wait') return Boolean((today += asked.days));
      return refusals(await answerTo(asked)).length === 0;
    },
    async picture(): Promise<string[]> {
      const rows = await bench.rows<Row>(
        `select id, main_id, paid_until::text, closed_at is not null as closed,
          exists (select from block where patron_id = patron.id and lifted_at is null) as blocked,
          (select coalesce(sum(remaining), 0)::int from charge where patron_id = patron.id and cause <> 'membership') as owes
         from patron where id in (${[...ids].map(() => '?').join(', ')})`,
        [...ids.values()],
      );
      return [...ids].map(([name, id]) => {
        const row = present(
          rows.find((each) => each.id === id),
          name,
        );
        return describe({ ...row, name, main: nameOf(row.main_id), paidUntil: dayOf(row.paid_until) });
      });
    },
  };
}
