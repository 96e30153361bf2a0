import type { z } from 'zod';
import type { ApplicationRow, FormRow } from '../../db/queries/applications.ts';
import { findProcedure } from '../../domain/policy-registration.ts';
import { isOpenApplication } from '../../domain/registration.ts';
import type { application } from '../schemas/applications.ts';
import { iso } from '../schemas/values.ts';
import type { Words } from '../words.ts';
import { fieldBody, phoneFor, shownFields, valuesOf } from './form.ts';
import { isoOrNull } from './hold.ts';

/** A procedure by name; one that has left the policy by its code. */
export function procedureRef({ procedure: code }: { readonly procedure: string }, words: Words) {
  return { code, name: findProcedure(words.policy, code)?.name[words.language] ?? code };
}

/** Whether staff should have decided by now (A5). */
export function isOverdue({ state, reviewDueAt }: ApplicationRow, now: number): boolean {
  return state === 'reviewing' && reviewDueAt !== null && reviewDueAt <= now;
}

function untilOf({ state, reviewDueAt, lapsesAt }: ApplicationRow): number | null {
  return state === 'reviewing' ? reviewDueAt : lapsesAt;
}

/** What happens next, in plain words: by whom, until when, and whom to phone. */
function nextText(row: ApplicationRow, words: Words, now: number): string {
  const given = findProcedure(words.policy, row.procedure);
  const data = { until: untilOf(row), phone: phoneFor(words.policy, given) };
  const late = isOverdue(row, now) ? '-late' : '';
  const service = row.state === 'approved' && given?.needsAccount === true ? '-service' : '';
  return words.say(`application.next.${row.state}${late}${service}`, data);
}

const shownToApplicant: readonly string[] = ['questioned', 'correcting', 'rejected'];

/** An application as its applicant sees it (A4, A5): names of colleagues and what they note for one another are not theirs to see. */
export function applicationBody(
  row: ApplicationRow,
  form: FormRow | undefined,
  words: Words,
  now: number,
): z.input<typeof application> {
  const given = findProcedure(words.policy, row.procedure);
  const { id, library, state, version } = row;
  return {
    id,
    library,
    procedure: procedureRef(row, words),
    state,
    stateText: words.text(`application.state.${state}`),
    next: nextText(row, words, now),
    until: isoOrNull(untilOf(row)),
    overdue: isOverdue(row, now),
    phone: phoneFor(words.policy, given),
    version,
    submittedAt: iso(row.submittedAt),
    remark: shownToApplicant.includes(state) ? row.remark || null : null,
    card: state === 'approved' ? row.card : null,
    fields: form ? shownFields(valuesOf(form), given, words) : [],
    mayAnswer: state === 'questioned',
    mayCorrect: state === 'questioned' || state === 'correcting',
    mayWithdraw: isOpenApplication(state),
    form:
      state === 'correcting' || state === 'questioned'
        ? (given?.fields ?? []).map((field) => fieldBody(field, words))
        : [],
  };
}
