import type { z } from 'zod';
import type { AttemptRow } from '../../db/queries/request-attempts.ts';
import type { RequestRow } from '../../db/queries/requests.ts';
import { questions } from '../../domain/ill-heard.ts';
import type { requestDetail } from '../schemas/requests.ts';
import { iso } from '../schemas/values.ts';
import type { Words } from '../words.ts';
import { moneyOf } from './desk.ts';

type Detail = z.input<typeof requestDetail>;

function shows(words: Words): 'names' | 'reasons' | 'nothing' {
  const { ill } = words.policy;
  return ill === 'none' ? 'nothing' : ill.requests.shows;
}

/** A supplier by its name, where the library tells it to its readers. */
function supplierName(words: Words, { peer, supplier }: AttemptRow, named: boolean): string {
  const { ill } = words.policy;
  const known = ill === 'none' ? undefined : ill.peers.find(({ code }) => code === peer);
  const name = supplier ?? known?.name[words.language];
  return named && name !== undefined ? name : words.text('request.supplier');
}

/** A supplier's reason in words, or ours for going on without it; a code that has none is shown as it came. */
export function supplierReason(words: Words, { reason, note }: AttemptRow): string | null {
  const ours = reason === null ? null : textOr(words, `request.withdrawn.${reason}`, reason);
  const told = reason === null ? null : textOr(words, `supplierReason.${reason}`, ours ?? reason);
  return [told, note].filter((part) => part !== null && part !== '').join(' – ') || null;
}

const promises = ['ExpectToSupply', 'WillSupply'];
const sent = ['Loaned', 'Overdue', 'Recalled', 'HoldReturn', 'ReleaseHoldReturn'];

/** What has come of one supplier, so far. */
export function attemptText(words: Words, { outcome, status }: AttemptRow): string {
  const isOpen = outcome === 'open' && status !== null;
  if (isOpen && promises.includes(status)) return words.text('request.outcome.promised');
  if (isOpen && sent.includes(status)) return words.text('request.outcome.sent');
  return words.text(`request.outcome.${outcome}`);
}

function textOr(words: Words, key: string, otherwise: string): string {
  try {
    return words.text(key);
  } catch {
    return otherwise;
  }
}

/** The suppliers that were asked, as far as the library tells its readers (I10). */
export function supplierLines(attempts: readonly AttemptRow[], words: Words): Detail['suppliers'] {
  if (shows(words) === 'nothing') return [];
  return attempts.map((attempt) => ({
    position: attempt.position,
    name: supplierName(words, attempt, shows(words) === 'names'),
    askedAt: iso(attempt.sentAt),
    endedAt: attempt.endedAt === null ? null : iso(attempt.endedAt),
    outcomeText: attemptText(words, attempt),
    reason: supplierReason(words, attempt),
  }));
}

function attemptSteps(attempt: AttemptRow, words: Words, named: boolean): { at: number; text: string }[] {
  const supplier = supplierName(words, attempt, named);
  const asked = { at: attempt.sentAt, text: words.say('request.step.asked', { supplier }) };
  if (attempt.endedAt === null) return [asked];
  const outcome = words.text(`request.outcome.${attempt.outcome}`);
  const reason = supplierReason(words, attempt);
  const text =
    reason === null
      ? words.say('request.step.outcome', { supplier, outcome })
      : words.say('request.step.outcome-reason', { supplier, outcome, reason });
  return [asked, { at: attempt.endedAt, text }];
}

interface Step {
  readonly at: number;
  readonly text: string;
}

function ordered(row: RequestRow, between: readonly Step[], words: Words): Detail['steps'] {
  const own = [
    { at: row.submittedAt, text: words.text('request.step.submitted') },
    ...(row.shippedAt === null ? [] : [{ at: row.shippedAt, text: words.text('request.step.shipped') }]),
    ...(row.receivedAt === null || row.direct
      ? []
      : [{ at: row.receivedAt, text: words.text('request.step.received') }]),
  ];
  const end = row.endedAt === null ? [] : [{ at: row.endedAt, text: words.text(`state.ill.${row.state}`) }];
  return [...own, ...between, ...end]
    .toSorted((a, b) => a.at - b.at)
    .map(({ at, text }) => ({ at: iso(at), text }));
}

/** What has happened to a request, in plain words and in the order of time, as far as the library tells its readers. */
export function timeline(row: RequestRow, attempts: readonly AttemptRow[], words: Words): Detail['steps'] {
  const told = shows(words);
  const between =
    told === 'nothing' ? [] : attempts.flatMap((each) => attemptSteps(each, words, told === 'names'));
  return ordered(row, between, words);
}

/** The same for librarians, who see every supplier. */
export function staffTimeline(
  row: RequestRow,
  attempts: readonly AttemptRow[],
  words: Words,
): Detail['steps'] {
  return ordered(
    row,
    attempts.flatMap((each) => attemptSteps(each, words, true)),
    words,
  );
}

/** What its reader is asked, with all that is needed for an answer; null: nothing, or it is the librarian who is asked. */
export function questionOf(
  row: RequestRow,
  attempts: readonly AttemptRow[],
  words: Words,
): Detail['question'] {
  if (row.state !== 'asked' || row.asks !== 'reader') return null;
  const what = questions.find((each) => each === row.reason) ?? 'other';
  const asking = what === 'price' ? undefined : attempts.find(({ id }) => id === row.attemptId);
  return {
    what,
    text: words.text(`request.reason.${what}`),
    why: asking === undefined ? null : supplierReason(words, asking),
    conditions: (asking?.conditions ?? []).map((code) => textOr(words, `loanCondition.${code}`, code)),
    price: row.price === null ? null : moneyOf(words, row.price),
    answerBy: row.askUntil === null ? null : iso(row.askUntil),
  };
}
