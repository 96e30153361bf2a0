import { Temporal } from 'temporal-polyfill';
import { civilDay } from './calendar.ts';
import type { LibraryPolicy } from './policy.ts';
import type { PaymentMeans } from './payments.ts';
import type { BankWay, TransferWay } from './policy-transfers.ts';
import { countsDays } from './policy-values.ts';
import { instantAt } from './windows.ts';

/** Means by which money comes from an account somewhere else, and is proved by a voucher or found on a statement (P4, P5). */
export const transferMeans = ['transfer', 'bank'] as const;

export type TransferMeans = (typeof transferMeans)[number];

export const isTransferMeans = (means: PaymentMeans): means is TransferMeans =>
  transferMeans.some((each) => each === means);

interface Paid {
  readonly means: PaymentMeans;
  readonly way?: string | null | undefined;
}

export function transferWayOf({ money }: LibraryPolicy, { means, way }: Paid): TransferWay | undefined {
  return means === 'transfer' ? money.ways.transfer.find(({ code }) => code === way) : undefined;
}

export function bankWayOf({ money }: LibraryPolicy, { means, way }: Paid): BankWay | undefined {
  return means === 'bank' ? money.ways.bank.find(({ code }) => code === way) : undefined;
}

/** When a payment begun at `now` (epoch milliseconds) is waited for no longer: after clock time to the second, after civil days at the end of the last of them. */
export function expiryAt(policy: LibraryPolicy, expires: string, now: number): Temporal.Instant {
  const from = Temporal.Instant.fromEpochMilliseconds(now);
  const wait = Temporal.Duration.from(expires);
  return countsDays(wait) ? instantAt(policy, civilDay(policy, from).add(wait), '24:00') : from.add(wait);
}

export function transferExpiry(policy: LibraryPolicy, paid: Paid, now: number): Temporal.Instant | undefined {
  const way = transferWayOf(policy, paid) ?? bankWayOf(policy, paid);
  return way && expiryAt(policy, way.expires, now);
}

/** What vouchers do for a payment: `checked`: staff decide on them, and what they accept is paid; `taken`: they are kept for staff to look at; `none`: not asked for. */
export function vouchersOf(policy: LibraryPolicy, paid: Paid): 'checked' | 'taken' | 'none' {
  if (transferWayOf(policy, paid)) return 'checked';
  return bankWayOf(policy, paid)?.slips ?? 'none';
}

/** When a reader is reminded that a payment expires: so long before, at the same time of day in the library's zone. Undefined where its way is not offered any more. */
export function reminderAt(
  policy: LibraryPolicy,
  paid: Paid & { readonly expiresAt?: Date | null | undefined },
): Temporal.Instant | undefined {
  const way = transferWayOf(policy, paid) ?? bankWayOf(policy, paid);
  if (!way || !paid.expiresAt) return undefined;
  const expires = Temporal.Instant.fromEpochMilliseconds(paid.expiresAt.getTime());
  const before = Temporal.Duration.from(way.remindBefore);
  if (!countsDays(before)) return expires.subtract(before);
  return expires.toZonedDateTimeISO(policy.timeZone).subtract(before).toInstant();
}

/** The text for the payer's bank, as one line: what it is for, then the reference. */
export const remittanceText = (purpose: string, shownReference: string): string =>
  `${purpose} ${shownReference}`;

export interface Girocode {
  readonly holder: string;
  readonly iban: string;
  readonly bic?: string | undefined;
  readonly text: string;
  readonly amountMinor: number;
}

/**
 * What a QR code says with which banks' apps fill in a transfer in euros (EPC069-12, version 002; GiroCode). Amounts are cents. Undefined where the standard has no
 * room: more than 999,999,999.99 euros, or more than 331 bytes.
 */
export function girocode({ holder, iban, bic = '', text, amountMinor }: Girocode): string | undefined {
  if (amountMinor < 1 || amountMinor > 99_999_999_999) return undefined;
  const euros = `EUR${Math.floor(amountMinor / 100)}.${String(amountMinor % 100).padStart(2, '0')}`;
  const lines = ['BCD', '002', '1', 'SCT', bic, holder.slice(0, 70), iban, euros, '', '', text.slice(0, 140)];
  const payload = lines.join('\n');
  return Buffer.byteLength(payload) <= 331 ? payload : undefined;
}

/** Where the money of a payment goes, as its payer has to know it. */
export type PayTo =
  | {
      readonly means: 'bank';
      readonly holder: string;
      readonly bank?: string | undefined;
      readonly branch?: string | undefined;
      /** Number or IBAN, the latter in groups of four. */
      readonly account: string;
      readonly bic?: string | undefined;
      /** What is written as the purpose, with the reference. */
      readonly text: string;
    }
  | {
      readonly means: 'transfer';
      readonly unit: string;
      readonly departmentCode: string;
      readonly projectCode: string;
      readonly purpose: string;
    };

export function payTo(policy: LibraryPolicy, paid: Paid, shownReference: string): PayTo | undefined {
  const form = transferWayOf(policy, paid);
  if (form) return { means: 'transfer', ...form.payee, purpose: form.purpose };
  const way = bankWayOf(policy, paid);
  if (!way) return undefined;
  const { holder, bank, branch, bic, iban, number = '', purpose } = way;
  const account = iban === undefined ? number : iban.replaceAll(/.{4}(?=.)/gu, '$& ');
  return { means: 'bank', holder, bank, branch, account, bic, text: remittanceText(purpose, shownReference) };
}
