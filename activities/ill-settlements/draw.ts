import { Temporal } from 'temporal-polyfill';
import { v7 as uuid } from 'uuid';
import { IllSettlement, IllSettlementLine } from '../../db/entities/index.ts';
import { lockLibrary } from '../../db/locks.ts';
import { inTransaction, once, reader, type Step, type Tx } from '../../db/transaction.ts';
import { civilDay } from '../../domain/calendar.ts';
import { lastEnded, periodStart } from '../../domain/ill-settlement.ts';
import { startOfDay } from '../../domain/months.ts';
import type { LibraryPolicy } from '../../domain/policy.ts';
import { refuse, type Refused } from '../../domain/refusal.ts';
import type { Actor } from '../../domain/roles.ts';
import type { ActivityDeps } from '../deps.ts';
import { instant, toDate } from '../facts.ts';
import { nextNumber } from '../ill/begin.ts';
import { askToSettle, type Doing, settlementPolicyOf, tellStory } from './rows.ts';

export interface DrawSettlements extends Step {
  readonly library: string;
  /** The last day, `YYYY-MM-DD` in the library's zone; absent: of the latest period that is over. */
  readonly until?: string;
  readonly actor: Actor;
}

export interface Drawn {
  readonly settlementIds: readonly string[];
}

/** Staff draw up what is to be settled (I17). */
export function drawByStaff(deps: ActivityDeps, step: DrawSettlements): Promise<Refused | Drawn> {
  const { library, actor, now } = step;
  return once(deps.orm, step, async (tx): Promise<Refused | Drawn> => {
    const policy = deps.policies.get(library);
    const today = civilDay(policy, Temporal.Instant.fromEpochMilliseconds(now));
    const until = step.until === undefined ? latestEnd(policy, today) : Temporal.PlainDate.from(step.until);
    if (Temporal.PlainDate.compare(until, today) >= 0) return refuse({ code: 'settlement-period-open' });
    return { settlementIds: await draw(tx, policy, until, { at: new Date(now), actor }) };
  });
}

const latestEnd = (policy: LibraryPolicy, today: Temporal.PlainDate): Temporal.PlainDate =>
  lastEnded(settlementPolicyOf(policy)?.period ?? 'monthly', today);

/** Draws up by the clock, for every library whose policy says so, what a period that is over has left; nothing twice. */
export async function drawDue(deps: ActivityDeps, now: number): Promise<void> {
  for (const policy of deps.policies.all()) {
    if (settlementPolicyOf(policy)?.drawn !== 'by-itself') continue;
    const until = latestEnd(policy, civilDay(policy, Temporal.Instant.fromEpochMilliseconds(now)));
    const waiting = await unsettled(reader(deps.orm), policy, until);
    if (waiting.length === 0) continue;
    await inTransaction(deps.orm, (tx) => draw(tx, policy, until, { at: new Date(now), actor: 'system' }));
  }
}

interface Unsettled {
  readonly id: string;
  readonly peer: string;
  readonly currency: string;
  readonly amount: string;
  readonly at: Date | string;
}

/** What was shipped until a day and stands in no settlement, without pairs whose settlement until that day is drawn up: what is late for it belongs to the next one. */
function unsettled(tx: Tx, policy: LibraryPolicy, until: Temporal.PlainDate): Promise<Unsettled[]> {
  const end = toDate(startOfDay(policy, until.add({ days: 1 }).toString()));
  return tx.execute<Unsettled[]>(
    `select id, peer, currency, amount::text as amount, at from ill_transaction one where library = ? and at < ?
       and not exists (select from ill_settlement_line where transaction_id = one.id and state <> 'left-out')
       and not exists (select from ill_settlement drawn where drawn.library = one.library and drawn.peer = one.peer
         and drawn.currency = one.currency and drawn.to_on >= ? and drawn.state <> 'withdrawn')
     order by peer, currency, at, id`,
    [policy.code, end, until.toString()],
  );
}

/** One settlement for each other library and currency; of two at once the second finds nothing left. */
async function draw(
  tx: Tx,
  policy: LibraryPolicy,
  until: Temporal.PlainDate,
  doing: Doing,
): Promise<string[]> {
  await lockLibrary(tx, policy.code);
  const groups = Map.groupBy(
    await unsettled(tx, policy, until),
    ({ peer, currency }) => `${peer} ${currency}`,
  );
  const ids: string[] = [];
  for (const lines of groups.values()) ids.push(await drawOne(tx, policy, until, lines, doing));
  return ids;
}

async function drawOne(
  tx: Tx,
  policy: LibraryPolicy,
  until: Temporal.PlainDate,
  lines: readonly Unsettled[],
  doing: Doing,
): Promise<string> {
  const [{ peer, currency, at: first } = { peer: '', currency: '', at: doing.at }] = lines;
  const period = settlementPolicyOf(policy)?.period ?? 'monthly';
  const begin = periodStart(period, civilDay(policy, instant(new Date(first))));
  const id = uuid();
  const settlement = tx.create(IllSettlement, {
    id,
    library: policy.code,
    number: `S${await nextNumber(tx, doing.at)}`,
    peer,
    currency,
    fromOn: begin.toString(),
    toOn: until.toString(),
    state: 'drawn',
    total: lines.reduce((sum, { amount }) => sum + BigInt(amount), 0n),
    actor: doing.actor,
    drawnAt: doing.at,
  });
  await tx.flush();
  for (const line of lines) {
    const row = {
      settlementId: id,
      transactionId: line.id,
      amount: BigInt(line.amount),
      state: 'counted',
    } as const;
    tx.create(IllSettlementLine, { id: uuid(), ...row });
  }
  tellStory(tx, settlement, 'settlement-drawn', doing);
  await askToSettle(tx, settlement, doing.at);
  await tx.flush();
  return id;
}
