import { capturedElsewhere, knownRefunds } from '../../db/queries/reconcile-gateway.ts';
import type { Tx } from '../../db/transaction.ts';
import type { Found } from '../../domain/differences.ts';
import type { GatewayPayment } from '../gateways/payment-gateway.ts';
import { gateway as gatewayAccount } from '../ledger.ts';
import { textArray } from './text-array.ts';

interface Known {
  readonly ref: string | null;
  readonly refundId: string | null;
  /** What staff have decided on, minor units below zero; null: it was asked for here. */
  readonly decided: string | null;
}

/** Of money a gateway says it gave back, what nobody asked for here and staff have not decided on (P9). Money of another library that shares the account is passed over. */
export async function unknownRefunds(
  em: Tx,
  { library, provider }: { readonly library: string; readonly provider: string },
  page: readonly GatewayPayment[],
): Promise<Found[]> {
  const given = page.filter(({ refund }) => refund);
  if (given.length === 0) return [];
  const refs = textArray(given.map(({ ref }) => ref));
  const ids = textArray(given.flatMap(({ refund }) => refund?.refundId ?? []));
  const known = await em.execute<Known[]>(knownRefunds, { library, provider, refs, ids });
  const asked = new Set(
    known.filter(({ decided }) => decided === null).flatMap(({ ref, refundId }) => [ref, refundId]),
  );
  const decided = new Map(known.map((row) => [row.ref, BigInt(row.decided ?? 0)]));
  const elsewhere = await ofOtherLibraries(em, library, provider, given);
  return given.flatMap((money) => {
    if (money.refund?.of && elsewhere.has(money.refund.of)) return [];
    if (asked.has(money.ref) || (money.refund?.refundId && asked.has(money.refund.refundId))) return [];
    const open = -BigInt(money.amountMinor) - (decided.get(money.ref) ?? 0n);
    return open === 0n ? [] : [difference(provider, money, open)];
  });
}

async function ofOtherLibraries(
  em: Tx,
  library: string,
  provider: string,
  given: readonly GatewayPayment[],
): Promise<ReadonlySet<string>> {
  const refs = textArray(given.flatMap(({ refund }) => refund?.of ?? []));
  const rows = await em.execute<{ ref: string }[]>(capturedElsewhere, { library, provider, refs });
  return new Set(rows.map(({ ref }) => ref));
}

const difference = (provider: string, money: GatewayPayment, open: bigint): Found => ({
  kind: 'gateway-refund',
  key: `gateway-refund:${provider}:${money.ref}`,
  subjectId: money.ref,
  account: gatewayAccount(provider),
  expected: null,
  found: open,
  amount: open,
  currency: money.currency,
  since: money.at,
  detail: { as: 'refund', of: money.refund?.of ?? null },
});
