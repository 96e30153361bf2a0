import { Temporal } from 'temporal-polyfill';
import type { Tx } from '../db/transaction.ts';
import { civilDay } from '../domain/calendar.ts';
import type { LibraryPolicy } from '../domain/policy.ts';
import type { IllPolicy } from '../domain/policy-ill.ts';
import {
  type CleanRequest,
  type FormMistake,
  judgeRequest,
  type RequestKind,
  type RequestWish,
} from '../domain/request-form.ts';
import { requestKeys, requestSearchText } from '../domain/request-keys.ts';
import type { Actor } from '../domain/roles.ts';
import { problem, refusal } from './problem.ts';

/** The library's rules for requests. Throws `ill-not-offered` where it has none. */
export function illOf({ ill }: Pick<LibraryPolicy, 'ill'>): IllPolicy {
  if (ill === 'none') throw problem('ill-not-offered');
  return ill;
}

/** Judges a form without throwing, for showing what is wrong with it. @param now epoch milliseconds */
export function readForm(policy: LibraryPolicy, wish: RequestWish, kind: RequestKind, now: number) {
  const today = civilDay(policy, Temporal.Instant.fromEpochMilliseconds(now));
  return judgeRequest(wish, illOf(policy), { policy, kind, today });
}

/** A form as it will be kept. Throws a problem with everything that is wrong with it, field by field (I1). */
export function takeForm(
  policy: LibraryPolicy,
  wish: RequestWish,
  kind: RequestKind,
  now: number,
): CleanRequest {
  const { request, mistakes } = readForm(policy, wish, kind, now);
  if (mistakes.length > 0) throw mistakesProblem(mistakes);
  return request;
}

function mistakesProblem(mistakes: readonly FormMistake[]) {
  const errors = mistakes.map(({ pointer, code, values }) => ({
    in: 'body' as const,
    pointer,
    code,
    ...(values && { values }),
  }));
  return refusal(
    mistakes.map(({ code, values }) => ({ ...values, code })),
    { errors },
  );
}

/** A version of a form to be kept. */
export interface KeptForm {
  /** That of the first version is the request's. */
  readonly id: string;
  readonly requestId: string;
  readonly version: number;
  readonly library: string;
  readonly patronId: string | null;
  readonly request: CleanRequest;
  readonly overridden: readonly string[];
  readonly actor: Actor;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** Keeps a form before its process hears of it; the same again changes nothing. */
export async function keepForm(tx: Tx, given: KeptForm): Promise<void> {
  const { request } = given;
  const columns: Readonly<Record<string, unknown>> = {
    id: given.id,
    request_id: given.requestId,
    version: given.version,
    library: given.library,
    patron_id: given.patronId,
    service: request.service,
    literature: request.literature,
    content: JSON.stringify(request.work),
    delivery: request.delivery,
    place: request.place,
    address: request.address,
    beneficiary: request.beneficiary,
    beneficiary_email: request.beneficiaryEmail,
    '"limit"': request.limitMinor,
    copyright: request.copyright,
    overridden: textArray(given.overridden),
    work_keys: textArray(requestKeys(request.literature, request.work)),
    search_text: requestSearchText(request.work),
    actor: given.actor,
    submitted_at: new Date(given.now),
  };
  const names = Object.keys(columns);
  await tx.execute(
    `insert into ill_form (${names.join(', ')}) values (${names.map(() => '?').join(', ')}) on conflict do nothing`,
    Object.values(columns),
  );
}

/** An array as PostgreSQL writes it. */
function textArray(texts: readonly string[]): string {
  return `{${texts.map((text) => JSON.stringify(text)).join(',')}}`;
}
