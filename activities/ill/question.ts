import type { Asks } from '../../domain/ill-heard.ts';
import { instant, toDate } from '../facts.ts';
import { record } from '../record.ts';
import { askLibrarian } from './ask-librarian.ts';
import { type Held, workingDaysFrom } from './held.ts';
import { tell } from './notices.ts';
import { requestSubject } from './standing.ts';

/** What is asked: by a supplier, or – `price` – before any supplier is asked at a price above the reader's limit (I15). */
export interface Question {
  readonly what: Asks | 'price';
  /** What the reader would pay, in minor units of the library's currency. */
  readonly priceMinor?: number | undefined;
  /** The supplier wants an answer until then; epoch milliseconds. */
  readonly until?: number | undefined;
  /** Who answers, whatever the policy says of it. */
  readonly who?: 'staff';
}

/** Puts the request before the reader or the librarian; without an answer in time it goes on to the next supplier. */
export async function askAbout(
  held: Held,
  { what, priceMinor, until, who: chosen }: Question,
): Promise<void> {
  const { tx, request, ill, patron, at, actor } = held;
  const who = chosen ?? (what === 'price' ? 'reader' : ill.obtaining.asks[what]);
  const asks = who === 'reader' && patron ? 'reader' : 'staff';
  const inTime = await workingDaysFrom(held, ill.obtaining.askWithin);
  request.state = 'asked';
  request.reason = what;
  request.asks = asks;
  request.askUntil =
    until !== undefined && until > at.getTime() && until < inTime.getTime() ? toDate(instant(until)) : inTime;
  request.priceMinor = priceMinor === undefined ? null : BigInt(priceMinor);
  const subject = requestSubject(request);
  record(tx, subject, { kind: 'ill-asked', actor, at, detail: { what, asks } });
  if (asks === 'reader')
    return tell(held, { kind: 'ill-asked', cause: `asked:${at.getTime()}`, content: { what } });
  await askLibrarian(held, 'request-asks', request.askUntil);
}
