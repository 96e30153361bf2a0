import { parse } from 'csv-parse/sync';
import { z } from 'zod';
import { fractionDigits } from '../../domain/currency.ts';
import type { GatewayKind } from '../../domain/policy-online.ts';

export const settlementKinds = ['payment', 'refund', 'dispute', 'fee', 'payout', 'other'] as const;

/** A line of a settlement file; minor units of `currency`, below zero for what leaves the gateway's account: `gross - fee = net`. */
export interface SettlementRow {
  /** The gateway's id of it. */
  readonly key: string;
  readonly kind: (typeof settlementKinds)[number];
  /** Of the money or the refund it is about, as the gateway calls it. */
  readonly providerRef: string | null;
  readonly payout: string | null;
  readonly gross: bigint;
  readonly fee: bigint;
  readonly net: bigint;
  readonly currency: string;
  /** ISO 8601. */
  readonly occurredAt: string;
}

/** What is wrong with a file: in which line, counted from 1. */
export interface Unreadable {
  readonly line: number;
}

const text = z.string().trim();
const known = text.min(1);
const optional = text.optional().transform((given) => given || null);

const whole = text.regex(/^-?\d{1,15}$/).transform(BigInt);

const doubleRow = z.object({
  id: known,
  kind: z.enum(settlementKinds),
  payment: optional,
  payout: optional,
  gross: whole,
  fee: whole,
  net: whole,
  currency: text.regex(/^[A-Z]{3}$/),
  at: z.iso.datetime({ offset: true }),
});

/** The double's file (dev/gateway-double): amounts in minor units; `payment` is the money a line is about. */
function fromDouble(row: unknown): SettlementRow {
  const { id: key, payment, at: occurredAt, ...rest } = doubleRow.parse(row);
  return { ...rest, key, providerRef: rest.kind === 'payment' ? payment : key, occurredAt };
}

const decimal = text.regex(/^-?\d{1,12}(\.\d{1,4})?$/);
/** Stripe writes instants as `2026-11-20 09:30:00`, in UTC in the columns whose names say so. */
const moment = text
  .regex(/^\d{4}-\d\d-\d\d[ T]\d\d:\d\d(:\d\d)?/)
  .transform((given) => `${given.slice(0, 19).replace(' ', 'T')}${given.length === 16 ? ':00' : ''}Z`);

const stripeRow = z
  .object({
    balance_transaction_id: known,
    reporting_category: known,
    currency: text.regex(/^[a-z]{3}$/i).transform((given) => given.toUpperCase()),
    gross: decimal,
    fee: decimal,
    net: decimal,
    created_utc: moment.optional(),
    effective_at_utc: moment.optional(),
    source_id: optional,
    payment_intent_id: optional,
    charge_id: optional,
    automatic_payout_id: optional,
    payout_id: optional,
  })
  .refine(({ created_utc: created, effective_at_utc: effective }) => created ?? effective);

const stripeKinds: Readonly<Record<string, SettlementRow['kind']>> = {
  charge: 'payment',
  payment: 'payment',
  refund: 'refund',
  refund_failure: 'refund',
  dispute: 'dispute',
  dispute_reversal: 'dispute',
  fee: 'fee',
  payout: 'payout',
  payout_reversal: 'payout',
};

/** A decimal in minor units; one that has more decimals than its currency, other than noughts, cannot be booked. */
function minorUnits(amount: string, currency: string): bigint {
  const digits = fractionDigits(currency) ?? 2;
  const [whole_ = '', fraction = ''] = amount.replace('-', '').split('.');
  const padded = fraction.padEnd(digits, '0');
  if (/[1-9]/.test(padded.slice(digits))) throw new RangeError(`${amount} ${currency}`);
  const minor = BigInt(whole_ + padded.slice(0, digits));
  return amount.startsWith('-') ? -minor : minor;
}

/** Stripe's itemised reports of balance and payouts: amounts in the currency's main unit. A payout leaves the account, whichever sign the report gives it. */
function fromStripe(row: unknown): SettlementRow {
  const given = stripeRow.parse(row);
  const { currency, balance_transaction_id: key, reporting_category: category, source_id: source } = given;
  const kind = stripeKinds[category] ?? 'other';
  const [gross, fee, net] = [given.gross, given.fee, given.net].map((amount) =>
    minorUnits(amount, currency),
  ) as [bigint, bigint, bigint];
  const leaving = category === 'payout' && net > 0n ? -1n : 1n;
  return {
    key,
    kind,
    providerRef: kind === 'payment' ? (given.payment_intent_id ?? given.charge_id ?? source) : source,
    payout: given.payout_id ?? given.automatic_payout_id ?? (kind === 'payout' ? source : null),
    gross: gross * leaving,
    fee,
    net: net * leaving - (leaving < 0n ? 2n * fee : 0n),
    currency,
    occurredAt: given.created_utc ?? given.effective_at_utc ?? '',
  };
}

const adapters: Readonly<Record<GatewayKind, (row: unknown) => SettlementRow>> = {
  stripe: fromStripe,
  double: fromDouble,
};

/** Reads a gateway's settlement file (P9): CSV in UTF-8, by the gateway's kind. Wholly or not at all: what is wrong with it is answered by its line. */
export function readSettlementFile(
  kind: GatewayKind,
  content: Buffer,
): readonly SettlementRow[] | Unreadable {
  let line = 1;
  try {
    const rows: unknown[] = parse(content, {
      columns: true,
      bom: true,
      skip_empty_lines: true,
      max_record_size: 20_000,
    });
    return rows.map((row) => {
      line += 1;
      return balanced(adapters[kind](row));
    });
  } catch (error) {
    return { line: lineOf(error) ?? line };
  }
}

function balanced(row: SettlementRow): SettlementRow {
  if (row.gross - row.fee !== row.net) throw new RangeError(`line ${row.key} does not add up`);
  return row;
}

const lineOf = (error: unknown): number | undefined =>
  error instanceof Error && 'lines' in error && typeof error.lines === 'number' ? error.lines : undefined;
