import type { EntryKind } from '../domain/bank.ts';
import { counterparty, remittance, transactionCode } from './camt-parties.ts';
import { split } from './camt-details.ts';
import { amountAt, at, child, children, dayAt, directionAt, textAt, wrong, yes } from './camt-values.ts';
import type { Reading } from './camt-values.ts';
import type { ParsedEntry } from './model.ts';
import type { Element } from './xml.ts';

/** Sub-families of what came back: reimbursements, and direct debits that were not paid or were taken back. */
const returning = /\.(?:RRTN|UPDD|PRDD|RPCR|RCDD|ARET)$/u;

const provided = (text: string | null) => (text === null || /^NOT ?PROVIDED$/iu.test(text) ? null : text);

/** `BOOK`; or what was not booked. Version 02 has the code as text, later ones in an element. */
function isBooked(reading: Reading, entry: Element): boolean | undefined {
  const status = child(entry, 'Sts');
  const code = textAt(entry, 'Sts/Cd', 'Sts/Prtry', 'Sts');
  if (!status || code === null) return wrong(reading, status ?? entry, 'Sts', 'element-missing');
  if (code === 'BOOK') return true;
  if (['PDNG', 'INFO', 'FUTR'].includes(code)) return false;
  return wrong(reading, status, 'Sts', 'status-unknown', 'BOOK, PDNG, INFO');
}

function kindOf(
  reading: Reading,
  entry: Element,
  details: Element | undefined,
  code: string | null,
): EntryKind {
  const returned = child(details, 'RtrInf') !== undefined || returning.test(code ?? '');
  const reversed = yes(reading, entry, 'RvslInd');
  if (returned) return 'return';
  return reversed ? 'reversal' : 'booking';
}

/** What all entries of one `Ntry` have in common. */
interface Booking {
  readonly amount: bigint;
  readonly currency: string;
  readonly bookedOn: string;
  readonly valueOn: string | null;
}

function bookingOf(reading: Reading, entry: Element): Booking | undefined {
  const amount = amountAt(reading, entry, 'Amt');
  const direction = directionAt(reading, entry);
  const valueOn = dayAt(reading, entry, 'ValDt');
  const bookedOn = dayAt(reading, entry, 'BookgDt') ?? (child(entry, 'BookgDt') ? undefined : valueOn);
  if (!bookedOn && !child(entry, 'BookgDt')) wrong(reading, entry, 'BookgDt', 'element-missing');
  if (!amount || !direction || bookedOn === undefined) return undefined;
  return { amount: amount.minor * direction, currency: amount.currency, bookedOn, valueOn: valueOn ?? null };
}

/**
 * Reads one `Ntry`: one entry, or one for each detail of a batch whose amounts add up to it. Null for what the bank has not booked and for what moved no money;
 * undefined, after telling why, for what is wrong. `own` is the statement's account.
 */
export function readEntry(
  reading: Reading,
  entry: Element,
  own: string | null,
): ParsedEntry[] | null | undefined {
  const booked = isBooked(reading, entry);
  const booking = bookingOf(reading, entry);
  if (booked === undefined || !booking) return undefined;
  if (!booked || booking.amount === 0n) return null;
  const details = children(entry, 'NtryDtls').flatMap((each) => children(each, 'TxDtls'));
  const parts = split(reading, entry, details, booking.amount, booking.currency);
  return parts?.flatMap(({ amount, charges, element, part }) => {
    if (amount === 0n) return [];
    const code = transactionCode(element, entry);
    const kind = kindOf(reading, entry, element, code);
    const entryRef = textAt(entry, 'AcctSvcrRef') ?? textAt(entry, 'NtryRef');
    return {
      ...booking,
      amount,
      charges,
      line: element?.line ?? entry.line,
      endToEnd: provided(textAt(element, 'Refs/EndToEndId')),
      ...remittance(element, entry),
      ...counterparty(element, amount > 0n, kind, own),
      bankRef: textAt(element, 'Refs/AcctSvcrRef') ?? entryRef,
      code,
      kind,
      returnReason: textAt(at(element, 'RtrInf'), 'Rsn/Cd', 'Rsn/Prtry', 'AddtlInf'),
      batch:
        part === null ? null : (textAt(entry, 'NtryDtls/Btch/PmtInfId', 'NtryDtls/Btch/MsgId') ?? entryRef),
      part,
      parts: part === null ? null : parts.length,
    };
  });
}
