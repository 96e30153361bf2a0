import { Temporal } from 'temporal-polyfill';
import type { z } from 'zod';
import type { ApplicationRow, FormRow, ReviewRow } from '../../db/queries/applications.ts';
import type { LikelyApplication, LikelyReader } from '../../db/queries/duplicates.ts';
import type { EventRow } from '../../db/queries/story.ts';
import { civilDay } from '../../domain/calendar.ts';
import { findProcedure, type Procedure } from '../../domain/policy-registration.ts';
import { decisions, isOpenApplication } from '../../domain/registration.ts';
import type { accountTerms, applicationFile, reviewedApplication } from '../schemas/applications.ts';
import { iso } from '../schemas/values.ts';
import type { Words } from '../words.ts';
import { isOverdue, procedureRef } from './application.ts';
import { readerOf } from './desk.ts';
import { labelOf, shownFields, valuesOf } from './form.ts';
import { isoOrNull } from './hold.ts';
import { actorOf, eventEntry } from './story.ts';

type File = z.input<typeof applicationFile>;
type Terms = z.input<typeof accountTerms>;

export function reviewedBody(row: ReviewRow, words: Words, now: number): z.input<typeof reviewedApplication> {
  const { id, state, name, email, version } = row;
  return {
    id,
    procedure: procedureRef(row, words),
    state,
    stateText: words.text(`state.application.${state}`),
    name,
    email,
    version,
    submittedAt: iso(row.submittedAt),
    dueAt: isoOrNull(row.reviewDueAt),
    overdue: isOverdue(row, now),
  };
}

function changesOf(
  form: FormRow,
  before: FormRow | undefined,
  words: Words,
): File['versions'][number]['changes'] {
  if (!before) return [];
  const [now, then] = [valuesOf(form), valuesOf(before)];
  const codes = [...new Set([...Object.keys(then), ...Object.keys(now)])];
  return codes
    .filter((code) => now[code] !== then[code])
    .map((code) => ({ code, label: labelOf(words, code), before: then[code] ?? '', after: now[code] ?? '' }));
}

function versionsOf(forms: readonly FormRow[], given: Procedure | undefined, words: Words): File['versions'] {
  return forms.map((form, index) => ({
    version: form.version,
    submittedAt: iso(form.submittedAt),
    fields: shownFields(valuesOf(form), given, words),
    answer: form.answer,
    passwordSet: form.hasPassword,
    changes: changesOf(form, forms[index - 1], words),
  }));
}

const reasons = (because: LikelyReader['because'], words: Words) =>
  because.map((code) => ({ code, text: words.text(`likeness.${code}`) }));

function likelyReaderBody(row: LikelyReader, words: Words): File['likelyReaders'][number] {
  const { birthDate, email, phone, userGroup, expiresOn, closed } = row;
  const contact = { birthDate, email, phone };
  return {
    reader: readerOf(row),
    ...contact,
    userGroup,
    expiresOn,
    closed,
    because: reasons(row.because, words),
  };
}

function likelyApplicationBody(row: LikelyApplication, words: Words): File['likelyApplications'][number] {
  const { applicationId: id, name, submittedAt } = row;
  const procedure = procedureRef(row, words);
  return { id, procedure, name, submittedAt: iso(submittedAt), because: reasons(row.because, words) };
}

/** What the account has after an approval by the policy alone (A6). */
function afterOf(before: Terms | null, given: Procedure | undefined, words: Words, now: number): Terms {
  const grants = given?.grants;
  const today = civilDay(words.policy, Temporal.Instant.fromEpochMilliseconds(now));
  const until = grants?.validFor === undefined ? null : today.add(grants.validFor).toString();
  return {
    userGroup: before?.userGroup ?? grants?.userGroup ?? null,
    permissions: [...new Set([...(before?.permissions ?? []), ...(grants?.permissions ?? [])])],
    expiresOn: before?.expiresOn ?? until,
  };
}

function possible({ state }: ApplicationRow, given: Procedure | undefined): File['decisions'] {
  if (!isOpenApplication(state) || state === 'confirming') return [];
  return decisions.filter((each) => each !== 'merge' || given?.needsAccount !== true);
}

function decidedOf(
  { decidedBy, deciderName, decidedAt, remark }: ApplicationRow,
  words: Words,
): File['decided'] {
  if (decidedBy === null || decidedAt === null) return null;
  return { by: actorOf(words, decidedBy, deciderName).name, at: iso(decidedAt), remark: remark || null };
}

export interface Reviewed {
  readonly row: ApplicationRow;
  readonly forms: readonly FormRow[];
  readonly account: (Terms & { readonly name: string }) | null;
  readonly readers: readonly LikelyReader[];
  readonly applications: readonly LikelyApplication[];
  readonly events: readonly EventRow[];
}

/** Everything a reviewer needs to decide, and who decided what before (A4, A5, A6). */
export function applicationFileBody(reviewed: Reviewed, words: Words, now: number): File {
  const { row, forms, account, readers, applications, events } = reviewed;
  const given = findProcedure(words.policy, row.procedure);
  const latest = forms.at(-1);
  const before = account && {
    userGroup: account.userGroup,
    permissions: account.permissions,
    expiresOn: account.expiresOn,
  };
  const { patronId, card } = row;
  return {
    ...reviewedBody({ ...row, email: latest?.email ?? null, at: row.submittedAt }, words, now),
    emailConfirmed: row.confirmedVersion === row.version,
    identityProvider: latest?.identityProvider ?? null,
    reader:
      account && patronId !== null && card !== null ? readerOf({ patronId, card, name: account.name }) : null,
    before,
    after: afterOf(before, given, words, now),
    versions: versionsOf(forms, given, words),
    likelyReaders: readers.map((each) => likelyReaderBody(each, words)),
    likelyApplications: applications.map((each) => likelyApplicationBody(each, words)),
    story: events.map((each) => eventEntry(words, each)),
    decisions: possible(row, given),
    decided: decidedOf(row, words),
  };
}
