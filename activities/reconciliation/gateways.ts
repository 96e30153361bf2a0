import { bookedCaptures, knownCaptures, ownPayments } from '../../db/queries/reconcile-gateway.ts';
import { reader, type Tx } from '../../db/transaction.ts';
import type { Found } from '../../domain/differences.ts';
import type { ActivityDeps } from '../deps.ts';
import type { GatewayPayment, PaymentGateway } from '../gateways/payment-gateway.ts';
import { gateway as gatewayAccount } from '../ledger.ts';
import { unknownRefunds } from './given-back.ts';
import { textArray } from './text-array.ts';

/** What a gateway is asked for: what it took from `from` to `ends`, epoch milliseconds. */
export interface GatewayLook {
  readonly library: string;
  readonly provider: string;
  readonly currency: string;
  readonly from: number;
  readonly ends: number;
}

interface Own {
  readonly id: string;
  readonly patronId: string;
  readonly state: string;
}

export interface GatewaySeen {
  readonly found: readonly Found[];
  /** Payments of ours for which it has money that is not booked. */
  readonly unbooked: readonly Own[];
}

interface Known {
  readonly ref: string;
  readonly paymentId: string;
  readonly amount: string;
  readonly currency: string;
  readonly booked: boolean;
}

const chunk = 500;
const uuidForm = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * Compares what a gateway says it took with what is booked (P8, P9): money unknown here, not booked, or booked with another amount, and money that is booked and
 * the gateway does not have, and money it gave back unasked. Money of another library that shares the account is passed over. A gateway that does not answer is a difference of its own.
 */
export async function lookAtGateway(
  { orm }: Pick<ActivityDeps, 'orm'>,
  gateway: PaymentGateway,
  look: GatewayLook,
  beat: () => void,
): Promise<GatewaySeen | 'silent'> {
  const em = reader(orm);
  const found: Found[] = [];
  const unbooked: Own[] = [];
  const seen = new Set<string>();
  try {
    for await (const page of inChunks(gateway.list(look.from, look.ends))) {
      beat();
      for (const { ref } of page) seen.add(ref);
      const compared = await comparePage(
        em,
        look,
        page.filter(({ refund }) => !refund),
      );
      found.push(...compared.found, ...(await unknownRefunds(em, look, page)));
      unbooked.push(...compared.unbooked);
    }
  } catch (error) {
    if (isOurs(error)) throw error;
    return 'silent';
  }
  const { library, provider, from, ends } = look;
  const given = { library, provider, from: new Date(from), ends: new Date(ends) };
  const booked = await em.execute<(Omit<Known, 'booked'> & { at: number })[]>(bookedCaptures, given);
  found.push(...booked.filter(({ ref }) => !seen.has(ref)).map((row) => missing(look, row)));
  return { found, unbooked };
}

/** A fault of our database is no silence of the gateway's. */
const isOurs = (error: unknown): boolean =>
  error instanceof Error && (error.name.endsWith('Exception') || 'severity' in error);

async function* inChunks(list: AsyncIterable<GatewayPayment>): AsyncIterable<readonly GatewayPayment[]> {
  let page: GatewayPayment[] = [];
  for await (const payment of list) {
    page.push(payment);
    if (page.length < chunk) continue;
    yield page;
    page = [];
  }
  yield page;
}

async function comparePage(em: Tx, look: GatewayLook, page: readonly GatewayPayment[]): Promise<GatewaySeen> {
  const { library, provider } = look;
  const refs = page.map(({ ref }) => ref);
  const known = new Map(
    (await em.execute<Known[]>(knownCaptures, { library, provider, refs: textArray(refs) })).map((row) => [
      row.ref,
      row,
    ]),
  );
  const ids = page.flatMap(({ paymentId }) => (paymentId && uuidForm.test(paymentId) ? [paymentId] : []));
  const payments = new Map(
    (await em.execute<Own[]>(ownPayments, { library, provider, ids: `{${ids.join(',')}}` })).map((row) => [
      row.id,
      row,
    ]),
  );
  const elsewhere = await ofOtherLibraries(em, library, ids);
  const found: Found[] = [];
  const unbooked: Own[] = [];
  for (const money of page) {
    const row = known.get(money.ref);
    const own = money.paymentId === null ? undefined : payments.get(money.paymentId);
    if (row?.booked) found.push(...differing(look, money, row));
    else if (own) {
      unbooked.push(own);
      found.push(notBooked(look, money, own));
    } else if (money.paymentId === null || !elsewhere.has(money.paymentId)) found.push(unknown(look, money));
  }
  return { found, unbooked };
}

async function ofOtherLibraries(
  em: Tx,
  library: string,
  ids: readonly string[],
): Promise<ReadonlySet<string>> {
  const rows = await em.execute<{ id: string }[]>(
    'select id from payment where library <> ? and id = any(?::uuid[])',
    [library, `{${ids.join(',')}}`],
  );
  return new Set(rows.map(({ id }) => id));
}

const about = ({ provider }: GatewayLook, { amountMinor, currency, at }: GatewayPayment) => ({
  account: gatewayAccount(provider),
  found: BigInt(amountMinor),
  currency,
  since: at,
});

const unknown = (look: GatewayLook, money: GatewayPayment): Found => ({
  ...about(look, money),
  kind: 'gateway-unknown',
  key: `gateway-unknown:${look.provider}:${money.ref}`,
  subjectId: money.ref,
  expected: null,
  amount: BigInt(money.amountMinor),
});

const notBooked = (look: GatewayLook, money: GatewayPayment, own: Own): Found => ({
  ...about(look, money),
  kind: 'gateway-unbooked',
  key: `gateway-unbooked:${look.provider}:${money.ref}`,
  subjectId: own.id,
  expected: null,
  amount: BigInt(money.amountMinor),
  detail: { ref: money.ref, state: own.state },
});

function differing(look: GatewayLook, money: GatewayPayment, row: Known): Found[] {
  const expected = BigInt(row.amount);
  if (expected === BigInt(money.amountMinor) && row.currency === money.currency) return [];
  return [
    {
      ...about(look, money),
      kind: 'gateway-amount',
      key: `gateway-amount:${look.provider}:${money.ref}`,
      subjectId: row.paymentId,
      expected,
      amount: BigInt(money.amountMinor) - expected,
      detail: { ref: money.ref, currency: row.currency },
    },
  ];
}

const missing = (look: GatewayLook, row: Omit<Known, 'booked'> & { at: number }): Found => ({
  kind: 'gateway-missing',
  key: `gateway-missing:${look.provider}:${row.ref}`,
  subjectId: row.paymentId,
  account: gatewayAccount(look.provider),
  expected: BigInt(row.amount),
  found: null,
  amount: -BigInt(row.amount),
  currency: row.currency,
  since: row.at,
  detail: { ref: row.ref },
});

/** The gateway could not be asked: what was open of it stays open. */
export const silent = ({ provider, currency, ends }: GatewayLook): Found => ({
  kind: 'gateway-silent',
  key: `gateway-silent:${provider}`,
  subjectId: provider,
  account: gatewayAccount(provider),
  expected: null,
  found: null,
  amount: 0n,
  currency,
  since: ends - 1,
});
