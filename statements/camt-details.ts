import { writeAmount } from './amounts.ts';
import { amountAt, at, child, children, textAt, wrong } from './camt-values.ts';
import type { Reading } from './camt-values.ts';
import type { Element } from './xml.ts';

/** One entry made of a `Ntry`: signed net amount, what banks kept of it, and which detail it is of (from 1; null where it is no batch). */
export interface Part {
  readonly amount: bigint;
  readonly charges: bigint;
  readonly element: Element | undefined;
  readonly part: number | null;
}

interface Stated {
  readonly net: bigint | undefined;
  readonly charges: bigint;
  readonly element: Element;
}

/** Charges in the entry's own currency that lower it; those the bank books apart (`ChrgInclInd` false) do not. */
function chargesOf(reading: Reading, element: Element, currency: string): bigint {
  let sum = 0n;
  const records = children(element, 'Chrgs').flatMap((charges) => {
    const own = children(charges, 'Rcrd');
    return own.length > 0 ? own : [charges];
  });
  for (const record of records) {
    const name = child(record, 'Amt') ? 'Amt' : 'TtlChrgsAndTaxAmt';
    if (!child(record, name) || textAt(record, 'ChrgInclInd') === 'false') continue;
    const amount = amountAt({ ...reading, path: `${reading.path}/Chrgs` }, record, name);
    if (amount?.currency !== currency) continue;
    sum += textAt(record, 'CdtDbtInd') === 'CRDT' ? -amount.minor : amount.minor;
  }
  return sum;
}

const sentPlaces = ['AmtDtls/InstdAmt/Amt', 'AmtDtls/TxAmt/Amt'];
const netPlaces = ['Amt', 'AmtDtls/TxAmt/Amt', 'AmtDtls/InstdAmt/Amt'];

/** What a detail states in the entry's currency, with its direction; undefined where it states nothing in it. */
function statedAmount(
  reading: Reading,
  element: Element,
  places: readonly string[],
  currency: string,
  direction: bigint,
): bigint | undefined {
  const name = places.find((place) => at(element, place)?.currency === currency);
  if (name === undefined) return undefined;
  const amount = amountAt(reading, element, name);
  const own = { CRDT: 1n, DBIT: -1n }[textAt(element, 'CdtDbtInd') ?? ''] ?? direction;
  return amount && amount.minor * own;
}

const positive = (amount: bigint) => (amount > 0n ? amount : 0n);

function wrongSum(
  reading: Reading,
  entry: Element,
  sum: bigint,
  amount: bigint,
  currency: string,
): undefined {
  reading.mistakes.add({
    code: 'details-sum',
    line: entry.line,
    path: `${reading.path}/NtryDtls`,
    value: writeAmount(sum, currency),
    expected: writeAmount(amount, currency),
  });
}

/**
 * One detail, or none: the entry's amount. Where the amount that was sent is stated too, what lies between the two was kept on the way, whatever charges are told of:
 * those may have been booked apart.
 */
function single(
  reading: Reading,
  entry: Element,
  element: Element | undefined,
  amount: bigint,
  currency: string,
): Part[] | undefined {
  const direction = amount > 0n ? 1n : -1n;
  const ofEntry = chargesOf(reading, entry, currency);
  const told = ofEntry === 0n && element ? chargesOf(reading, element, currency) : ofEntry;
  const net = element && statedAmount(reading, element, ['Amt'], currency, direction);
  if (net !== undefined && net !== amount && net - told !== amount)
    return wrongSum(reading, entry, net, amount, currency);
  const sent = element && statedAmount(reading, element, sentPlaces, currency, direction);
  return [{ amount, charges: positive(sent === undefined ? told : sent - amount), element, part: null }];
}

/** How details add up to the entry: as they stand, or less what was kept of each. */
function netAmounts(details: readonly Stated[], amount: bigint): bigint[] | undefined {
  const stated = details.map(({ net }) => net ?? 0n);
  const sum = (values: readonly bigint[]) => values.reduce((total, each) => total + each, 0n);
  if (sum(stated) === amount) return stated;
  const lessCharges = details.map(({ net = 0n, charges }) => net - charges);
  return sum(lessCharges) === amount ? lessCharges : undefined;
}

/**
 * Takes an entry apart into its details, whose amounts must add up to it to the minor unit. Details without any amounts stay one entry, for staff to look at; with
 * some amounts and not others nobody knows what belongs to whom.
 */
export function split(
  reading: Reading,
  entry: Element,
  elements: readonly Element[],
  amount: bigint,
  currency: string,
): Part[] | undefined {
  if (elements.length <= 1) return single(reading, entry, elements[0], amount, currency);
  const direction = amount > 0n ? 1n : -1n;
  const details = elements.map((element) => ({
    element,
    net: statedAmount(reading, element, netPlaces, currency, direction),
    charges: positive(chargesOf(reading, element, currency)),
  }));
  const withAmount = details.filter(({ net }) => net !== undefined);
  if (withAmount.length === 0) return single(reading, entry, undefined, amount, currency);
  if (withAmount.length < details.length)
    return wrong(reading, entry, 'NtryDtls', 'details-amounts', currency);
  const net = netAmounts(details, amount);
  if (net)
    return details.map(({ element, charges }, index) => ({
      element,
      charges,
      amount: net[index] ?? 0n,
      part: index + 1,
    }));
  const sum = details.reduce((total, each) => total + (each.net ?? 0n), 0n);
  return wrongSum(reading, entry, sum, amount, currency);
}
