import { Temporal } from 'temporal-polyfill';
import type { z } from 'zod';
import type { FetchRow, LapsedRow, OverdueRow, PutAwayRow, TransitRow } from '../../db/queries/lists.ts';
import type { TaskRow } from '../../db/queries/tasks.ts';
import { civilDay } from '../../domain/calendar.ts';
import { findProcedure } from '../../domain/policy-registration.ts';
import { overdueFeeMinor } from '../../domain/reminders.ts';
import type { inTransit, lapsedHold, overdueLoan, task, toFetch, toPutAway } from '../schemas/lists.ts';
import { iso } from '../schemas/values.ts';
import type { Words } from '../words.ts';
import { copyOf, deskHoldBody, deskLoanBody, moneyOf, readerOf } from './desk.ts';
import { isoOrNull, titleOf } from './hold.ts';
import { actorOf, outcomeText, taskText } from './story.ts';

export function fetchBody(row: FetchRow, words: Words): z.input<typeof toFetch> {
  return {
    item: copyOf(row),
    title: titleOf(row),
    at: words.place(row.atBranch),
    holdId: row.holdId,
    reader: readerOf(row),
    pickupPlace: words.place(row.pickupPlace),
    contact: row.contact,
    placedAt: iso(row.at),
  };
}

export function putAwayBody(row: PutAwayRow, words: Words): z.input<typeof toPutAway> {
  return {
    item: copyOf(row),
    title: titleOf(row),
    at: words.place(row.atBranch),
    branch: words.place(row.branch),
    since: iso(row.at),
  };
}

function travelsFor({ holdId, patronId, card, name, pickupPlace }: TransitRow, words: Words) {
  if (holdId === null || patronId === null || card === null || name === null || pickupPlace === null)
    return null;
  return { id: holdId, reader: readerOf({ patronId, card, name }), pickupPlace: words.place(pickupPlace) };
}

export function transitBody(row: TransitRow, words: Words): z.input<typeof inTransit> {
  return {
    item: copyOf(row),
    title: titleOf(row),
    from: words.place(row.from),
    to: words.place(row.to),
    since: iso(row.at),
    hold: travelsFor(row, words),
  };
}

const instantOf = (epochMs: number) => Temporal.Instant.fromEpochMilliseconds(epochMs);

/** @param now epoch milliseconds; days late are civil days in the library's zone */
export function overdueBody(row: OverdueRow, words: Words, now: number): z.input<typeof overdueLoan> {
  const { policy } = words;
  const [due, today] = [civilDay(policy, instantOf(row.dueAt)), civilDay(policy, instantOf(now))];
  const fee = overdueFeeMinor(policy, instantOf(row.dueAt), instantOf(now));
  return {
    loan: deskLoanBody(row, words, now),
    phone: row.phone,
    daysLate: due.until(today, { largestUnit: 'days' }).days,
    feeSoFar: policy.loans.overdueFee === 'none' ? null : moneyOf(words, fee),
    notices: row.notices,
  };
}

export function lapsedBody(row: LapsedRow, words: Words): z.input<typeof lapsedHold> {
  return { hold: deskHoldBody(row, words), toPutAway: row.itemState === 'put-away' };
}

function resolvedOf(row: TaskRow, words: Words) {
  const { resolvedAt, resolvedBy, resolverName, outcome, remark } = row;
  if (resolvedAt === null || resolvedBy === null || outcome === null) return null;
  const by = actorOf(words, resolvedBy, resolverName).name;
  return { at: iso(resolvedAt), by, outcome, outcomeText: outcomeText(words, outcome), note: remark };
}

function taskState({ resolvedAt, dueAt }: TaskRow, now: number) {
  if (resolvedAt !== null) return 'done';
  return dueAt < now ? 'overdue' : 'open';
}

function holdPart(row: TaskRow, words: Words) {
  const { titleId, titleKind: kind, title, author, pickupPlace } = row;
  return {
    title:
      titleId === null || kind === null || title === null ? null : titleOf({ titleId, kind, title, author }),
    barcode: row.barcode,
    holdId: row.subjectType === 'hold' ? row.subjectId : null,
    pickupPlace: pickupPlace === null ? null : words.place(pickupPlace),
    securedAt: isoOrNull(row.securedAt),
    keepUntil: isoOrNull(row.keepUntil),
    earlierCalls: row.calls,
  };
}

function applicationPart({ subjectId, procedure, version, applicant }: TaskRow, words: Words) {
  if (procedure === null || version === null) return null;
  const procedureName = findProcedure(words.policy, procedure)?.name[words.language] ?? procedure;
  return { id: subjectId, procedure, procedureName, applicant, version };
}

/** Where a subject is decided on. */
const subjectLinks: Readonly<Record<string, (id: string) => string>> = {
  application: (id) => `/v1/staff/applications/${id}`,
  charge: (id) => `/v1/staff/charges/${id}`,
  payment: (id) => `/v1/staff/payments/${id}`,
  difference: (id) => `/v1/staff/differences/${id}`,
  'bank-entry': (id) => `/v1/staff/bank-entries/${id}`,
  ill: (id) => `/v1/staff/requests/${id}`,
  supply: (id) => `/v1/staff/outside-requests/${id}`,
  'ill-settlement': (id) => `/v1/staff/library-settlements/${id}`,
};

/** @param now epoch milliseconds; decides whether the task is overdue */
export function taskBody(row: TaskRow, words: Words, now: number): z.input<typeof task> {
  const { patronId, card, name } = row;
  return {
    id: row.id,
    kind: row.kind,
    text: taskText(words, row.kind),
    state: taskState(row, now),
    workflowId: row.workflowId === '' ? null : row.workflowId,
    branch: row.branch === null ? null : words.place(row.branch),
    createdAt: iso(row.createdAt),
    dueAt: iso(row.dueAt),
    subjectType: row.subjectType,
    subjectId: row.subjectId,
    link: subjectLinks[row.subjectType]?.(row.subjectId) ?? null,
    reader: patronId === null || card === null || name === null ? null : readerOf({ patronId, card, name }),
    phone: row.phone,
    ...holdPart(row, words),
    application: applicationPart(row, words),
    resolved: resolvedOf(row, words),
  };
}
