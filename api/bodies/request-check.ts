import type { z } from 'zod';
import type { Admission } from '../../db/queries/request-admission.ts';
import type { HeldTitle, LikelyRequest } from '../../db/queries/request-facts.ts';
import { isHoldable } from '../../domain/holdable.ts';
import { pickupCodes } from '../../domain/ill-places.ts';
import { linkEncodings, type EncodingUsed } from '../../domain/link-text.ts';
import { asksReader, pagesNamed, priceOfRequest } from '../../domain/ill-prices.ts';
import type { CleanRequest, FormMistake } from '../../domain/request-form.ts';
import type { Reason } from '../../domain/refusal.ts';
import { limitsOf, requestReasons } from '../../domain/request-rules.ts';
import type { draft, requestCheck, requestPrice } from '../schemas/request-check.ts';
import type { warnings } from '../schemas/requests.ts';
import type { Words } from '../words.ts';
import { moneyOf } from './desk.ts';
import { possibility } from './hold.ts';
import { pickupBody } from './requests.ts';

type Check = z.input<typeof requestCheck>;

/** What a request costs its reader as far as is known (I15, I20); null where the schedule cannot say. */
export function priceBody(
  words: Words,
  { service, literature, work, limitMinor }: CleanRequest,
  userGroup: string,
): z.input<typeof requestPrice> | null {
  const asked = { service, literature, userGroup, pages: pagesNamed(work.pages) };
  const price = priceOfRequest(words.policy, asked);
  if ('refused' in price) return null;
  const { fee, totalMinor, exact, atMostMinor } = price;
  return {
    price: moneyOf(words, fee.amountMinor),
    subsidy: moneyOf(words, fee.subsidyMinor),
    total: moneyOf(words, totalMinor),
    exact,
    atMost: atMostMinor === undefined ? null : moneyOf(words, atMostMinor),
    asksFirst: asksReader(price, limitMinor),
  };
}

function heldBody(words: Words, held: HeldTitle): Check['heldHere'][number] {
  const { id, kind, title, author, facts } = held;
  return {
    title: { id, kind, title, author },
    available: facts.items.filter(({ state }) => state === 'available').length,
    copies: facts.items.length,
    mayHold: possibility(words, isHoldable(facts, words.policy)),
    titlePath: `/v1/titles/${id}`,
    holdPath: '/v1/holds',
  };
}

function duplicateBody(words: Words, { id, number, state, submittedAt }: LikelyRequest) {
  return {
    id,
    number,
    stateText: words.text(`state.ill.${state}`),
    submittedOn: words.day(submittedAt),
    path: `/v1/me/requests/${id}`,
  };
}

const overridable = { 'request-duplicate': 'duplicate', 'held-here': 'held-here' } as const;

function overridesOf(admission: Admission): (typeof warnings)[number][] {
  const { facts } = admission;
  const passed = requestReasons({ ...facts, overridden: ['duplicate', 'held-here'] }).map(({ code }) => code);
  return requestReasons(facts).flatMap(({ code }) =>
    code in overridable && !passed.includes(code) ? [overridable[code as keyof typeof overridable]] : [],
  );
}

/** How a link's characters were read, and what else they may be. */
export function encodingBody(words: Words, { name, known }: EncodingUsed): z.input<typeof draft>['encoding'] {
  const choices = linkEncodings.map((each) => ({ name: each, label: words.text(`linkEncoding.${each}`) }));
  const label = choices.find((each) => each.name === name)?.label ?? name;
  const hint = known === 'guessed' ? words.say('linkEncoding.hint', { label }) : null;
  return { name, label, known, hint, choices };
}

interface Judged {
  readonly request: CleanRequest;
  readonly mistakes: readonly FormMistake[];
  /** Nobody has said yet how it is to be delivered. */
  readonly undecided: boolean;
  /** Where it is of a link. */
  readonly encoding?: EncodingUsed | undefined;
}

/** What a form comes to before it is sent (I1, I20). */
export function checkBodyOf(
  words: Words,
  { request, mistakes, undecided, encoding }: Judged,
  admission: Admission,
): Check {
  const { facts, own, others, held } = admission;
  const userGroup = facts.reader?.userGroup ?? '';
  const { open, period } = limitsOf(facts.ill, userGroup);
  const reasons = requestReasons(facts);
  const { beneficiaryEmail: _email, ...form } = request;
  return {
    library: words.policy.code,
    libraryName: words.policy.name[words.language],
    form: { ...form, work: { ...request.work }, delivery: undecided ? null : request.delivery },
    encoding: encoding === undefined ? null : encodingBody(words, encoding),
    mistakes: mistakes.map(({ pointer, code, values }) => ({
      pointer,
      code,
      detail: words.reasons([{ ...values, code } as Reason])[0]?.detail ?? '',
    })),
    accepted: mistakes.length === 0 && reasons.length === 0,
    reasons: words.reasons(reasons),
    overrides: overridesOf(admission),
    duplicates: own.map((each) => duplicateBody(words, each)),
    others: others.length,
    heldHere: held.map((each) => heldBody(words, each)),
    price: priceBody(words, request, userGroup),
    limits: {
      open: facts.reader?.open ?? 0,
      openLimit: open ?? null,
      inPeriod: facts.reader?.submitted.length ?? 0,
      periodLimit: period?.requests ?? null,
    },
    places: pickupCodes(words.policy).flatMap((code) => pickupBody(words, code) ?? []),
  };
}
