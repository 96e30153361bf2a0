import { setTimeout as sleep } from 'node:timers/promises';
import { v7 as uuid } from 'uuid';
import type { DoubleEvent, Sending } from '../dev/gateway-double/notifier.ts';
import { makeCharges, makePatrons } from './rows.ts';
import { say, signIn, type Stage } from './stage.ts';

const amountMinor = 250;
const lanes = 16;
const patienceMs = 20 * 60_000;

interface Payer {
  readonly patronId: string;
  readonly chargeId: string;
}

async function makePayers(stage: Stage, count: number, mailed: boolean): Promise<Payer[]> {
  const patrons = await makePatrons(stage.sql, count);
  if (!mailed)
    await stage.sql(`update patron set email_state = 'failing' where id = any(?::uuid[])`, [
      `{${patrons.join(',')}}`,
    ]);
  const charges = await makeCharges(stage.sql, patrons, amountMinor);
  return patrons.map((patronId, index) => ({ patronId, chargeId: charges[index] ?? '' }));
}

/** Begins a payment as a portal does: until it is answered, under one key. Answers the payment's id. */
async function begin(stage: Stage, { patronId, chargeId }: Payer): Promise<string> {
  // Not before: a session that nobody uses ends.
  const token = await signIn(stage, 'patron', patronId);
  const headers = {
    authorization: `Bearer ${token}`,
    'content-type': 'application/json',
    'idempotency-key': uuid(),
  };
  const wish = { chargeIds: [chargeId], totalMinor: amountMinor, means: 'online', way: 'online' };
  const body = JSON.stringify(wish);
  for (;;) {
    const response = await fetch(`${stage.url}/v1/me/payments`, { method: 'POST', headers, body });
    const answer = (await response.json()) as { id?: string };
    if (response.status === 201) return String(answer.id);
    if (response.status !== 202 && response.status !== 503)
      throw new Error(`${response.status} ${JSON.stringify(answer)}`);
    await sleep(200);
  }
}

/** By a payment's number: 5 in 100 are never told of, 20 are told of twice, and 20 out of order. */
function sendingOf(number: number): Sending {
  const share = number % 100;
  if (share < 5) return { copies: 0 };
  if (share < 25) return { copies: 2, delayMs: number % 7 === 0 ? 1_500 : 0 };
  return share < 45 ? { delayMs: 500 + (number % 13) * 100 } : {};
}

/**
 * Payments at the gateway double with notifications twice, out of order and never, while the worker is killed: booked exactly once each, and the ledger agrees with
 * the gateway to the cent (P8).
 */
export async function measurePayments(stage: Stage, count: number) {
  const payers = await makePayers(stage, count, false);
  const { double } = stage;
  const numbers = new Map<string, number>();
  double.behave(({ paymentId }: DoubleEvent) => sendingOf(numbers.get(paymentId) ?? 99));
  const began = performance.now();
  const queue = payers.entries();
  const lane = async (): Promise<void> => {
    for (const [number, payer] of queue) {
      if (number === Math.floor(count / 3) || number === Math.floor((2 * count) / 3)) void stage.killWorker();
      const paymentId = await begin(stage, payer);
      numbers.set(paymentId, number);
      const checkout = double.books.ofPayment(paymentId);
      if (!checkout) throw new Error(`The double has no checkout of ${paymentId}.`);
      double.pay(checkout, amountMinor);
      // The card was declined at first, but that is told of only later.
      if (number % 100 >= 25 && number % 100 < 45)
        double.notifier.notify(checkout, 'checkout.declined', { delayMs: 2_500 });
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  say(`  ${count} paid at the double after ${Math.round((performance.now() - began) / 1_000)} s`);
  await settled(stage, count);
  const seconds = (performance.now() - began) / 1_000;
  await double.notifier.idle();
  double.behave();
  return { ...(await compare(stage, [...numbers.keys()])), perSec: Math.round((count / seconds) * 10) / 10 };
}

async function settled({ sql }: Stage, count: number): Promise<void> {
  for (const end = Date.now() + patienceMs; Date.now() < end; await sleep(1_000)) {
    const [row] = (await sql(`select count(*)::int as open from payment where ended_at is null`)) as {
      open: number;
    }[];
    if (row?.open === 0) return;
  }
  say(`  not all of ${count} were settled within ${patienceMs / 60_000} minutes`);
}

/** What was booked of these payments, against what the double says it took. */
async function compare({ sql, double }: Stage, paymentIds: readonly string[]) {
  const text = `
    select count(*) filter (where bookings = 1 and state = 'settled')::int as booked, count(*) filter (where bookings > 1)::int as twice,
      coalesce(sum(amount), 0)::float8 as amount
    from (select payment.state, count(distinct journal.id) as bookings, sum(posting.amount) as amount from payment
      left join journal on journal.payment_id = payment.id and journal.kind = 'payment-online'
      left join posting on posting.journal_id = journal.id and posting.account = 'gateway:online'
      where payment.id = any(?::uuid[]) group by payment.id) booked`;
  const rows = (await sql(text, [`{${paymentIds.join(',')}}`])) as {
    booked: number;
    twice: number;
    amount: number;
  }[];
  const { booked = 0, twice = 0, amount = 0 } = rows[0] ?? {};
  const taken = paymentIds
    .flatMap((id) => double.books.ofPayment(id)?.captures ?? [])
    .reduce((sum, capture) => sum + capture.amountMinor, 0);
  return { count: paymentIds.length, booked, twice, differenceMinor: taken - amount };
}

/** Exact: the events of a payment's life – begun, its checkout opened, paid, told of, booked, the receipt mailed. */
export async function countPayment(stage: Stage): Promise<number> {
  const [payer] = await makePayers(stage, 1, true);
  if (!payer) throw new Error('There is no payer.');
  const paymentId = await begin(stage, payer);
  const checkout = stage.double.books.ofPayment(paymentId);
  if (!checkout) throw new Error('There is no checkout.');
  stage.double.pay(checkout, amountMinor);
  const handle = stage.client.workflow.getHandle(`payment:${paymentId}`);
  await handle.result();
  return (await handle.fetchHistory()).events?.length ?? Number.NaN;
}
