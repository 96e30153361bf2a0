import {
  Charge,
  type IllAttempt,
  IllFormRow,
  type IllRequest,
  type Patron,
  type SupplyRequest,
} from '../../db/entities/index.ts';
import { present } from '../../db/locks.ts';
import type { Tx } from '../../db/transaction.ts';
import { byHand } from '../../domain/ill.ts';
import { pagesNamed, priceOfRequest, pricesOf, termsWith } from '../../domain/ill-prices.ts';
import type { Fee } from '../../domain/membership.ts';
import type { LibraryPolicy } from '../../domain/policy.ts';
import type { TakeBackReason } from '../../domain/policy-ill-prices.ts';
import { isRefused } from '../../domain/refusal.ts';
import type { Actor } from '../../domain/roles.ts';
import { chargeForRequest } from '../charges/charges.ts';
import { record } from '../record.ts';
import { openTask, resolveTask } from '../tasks.ts';
import { dropReaderCharge } from './reader-relief.ts';
import { requestSubject } from './standing.ts';
import { type Between, bookBetween, takeBackBetween } from './transactions.ts';

/** Something that a supplier has shipped to us; request and reader are locked. */
export interface Shipped {
  readonly request: IllRequest;
  /** With whom; absent where it was obtained by hand (I3). */
  readonly attempt?: IllAttempt | undefined;
  /** Absent: nobody who has a card pays for it. */
  readonly patron?: Patron | undefined;
  readonly pages?: number | undefined;
  readonly at: Date;
  readonly actor?: Actor;
}

export interface ShippedBooking {
  /** What the reader has to pay; null: nothing. */
  readonly chargeId: string | null;
  /** In minor units of the library's currency. */
  readonly amountMinor: number;
  /** Something of it is not paid: a document is held where the policy says so (I16). False when the balance covered it at once. */
  readonly open: boolean;
  /** The price could not be worked out, or its reader, who wants to be asked about any price, was not: staff state it (act `price`); a document waits for that too. */
  readonly priceWanted: boolean;
}

/** For what a reader is charged. */
export const causeOf = ({ service }: Pick<IllRequest, 'service'>) =>
  service === 'loan' ? 'interlibrary-loan' : 'document-delivery';

/** What a charge is raised for: the shipment, so that a second one after the first was taken back has its own. */
export const chargedFor = (request: Pick<IllRequest, 'id'>, attempt?: Pick<IllAttempt, 'id'>): string =>
  attempt?.id ?? request.id;

/**
 * Books what was shipped to us, once: the reader's share, and what the library owes the supplier (I15). A reader is never charged more than they have agreed to; what is
 * above it the library pays, and the request's story says so. Where the price cannot be worked out, or the reader set no limit and was asked about none, staff have a task to
 * agree and state it. Sets what the request shows as its price.
 */
export async function bookShipped(tx: Tx, policy: LibraryPolicy, shipped: Shipped): Promise<ShippedBooking> {
  const { request, attempt, at, actor = 'system' } = shipped;
  if (attempt && attempt.peer !== byHand) await bookOwed(tx, policy, { request, attempt, at, actor });
  const { patron } = shipped;
  if (!patron) return { chargeId: null, amountMinor: 0, open: false, priceWanted: false };
  return bookReader(tx, policy, { ...shipped, patron, actor });
}

interface Owed {
  readonly request: IllRequest;
  readonly attempt: IllAttempt;
  readonly at: Date;
  readonly actor: Actor;
}

const between = ({ currency }: LibraryPolicy, { request, attempt, at, actor }: Owed): Between => ({
  library: request.library,
  peer: attempt.peer,
  side: 'requester',
  aboutId: attempt.id,
  reference: attempt.ourRef,
  number: request.number,
  service: request.service,
  costMinor: attempt.costMinor ?? 0n,
  currency: attempt.currency ?? currency,
  at,
  actor,
});

async function bookOwed(tx: Tx, policy: LibraryPolicy, owed: Owed): Promise<void> {
  const { request, attempt, at, actor } = owed;
  if (!(await bookBetween(tx, policy, 'shipped', between(policy, owed)))) return;
  const { expectedMinor, costMinor, currency, peer } = attempt;
  if (expectedMinor == null || costMinor == null || expectedMinor === costMinor) return;
  const detail = {
    offeredMinor: Number(expectedMinor),
    amountMinor: Number(costMinor),
    currency: currency ?? policy.currency,
    peer,
  };
  record(tx, requestSubject(request), { kind: 'ill-cost-differs', actor, at, detail });
}

type ForReader = Shipped & { readonly patron: Patron; readonly actor: Actor };

/** Books the reader's share of what was shipped, once; staff who state the price later call it again. Reader and request are locked. */
export async function bookReader(tx: Tx, policy: LibraryPolicy, given: ForReader): Promise<ShippedBooking> {
  const { request, attempt, at, actor, patron } = given;
  const subjectId = chargedFor(request, attempt);
  const known = await tx.findOne(Charge, { cause: causeOf(request), subjectId });
  if (known) return answer(known);
  const form = present(await tx.findOne(IllFormRow, { id: request.formId }), `form ${request.formId}`);
  const fee = priceFor(policy, { pages: pagesNamed(form.content.pages), ...given });
  if (fee === undefined || (fee.amountMinor > 0 && wasNeverAsked(request, form))) {
    const task = { kind: 'ill-price', branch: null, workflowId: `ill:${request.id}`, at, dueAt: at } as const;
    await openTask(tx, requestSubject(request), task);
    return { chargeId: null, amountMinor: 0, open: true, priceWanted: true };
  }
  const agreed = withinAgreed(tx, policy, given, { form, fee });
  const charged = await chargeForRequest(tx, policy, patron, {
    cause: causeOf(request),
    requestId: subjectId,
    fee: agreed,
    waits: `ill:${request.id}`,
    at,
    actor,
  });
  if (isRefused(charged)) throw new Error(`Request ${request.id} was charged above its limit.`);
  await resolveTask(tx, 'ill-price', request.id, { at, by: actor, outcome: 'settled' });
  request.priceMinor = BigInt(agreed.amountMinor);
  request.costMinor = BigInt(agreed.amountMinor + agreed.subsidyMinor);
  request.currency = policy.currency;
  await tx.flush();
  return answer(charged.chargeId === null ? null : await tx.findOne(Charge, { id: charged.chargeId }));
}

/** No limit was set, and no price was agreed to: it was obtained by hand, or the supplier's cost came with the thing. */
const wasNeverAsked = ({ statedMinor, agreedMinor }: IllRequest, { limit }: IllFormRow): boolean =>
  statedMinor == null && agreedMinor == null && limit == null;

const answer = (charge: Charge | null): ShippedBooking => ({
  chargeId: charge?.id ?? null,
  amountMinor: Number(charge?.amount ?? 0),
  open: charge !== null && charge.remaining > 0n,
  priceWanted: false,
});

/** Undefined: staff have to state it. What is free or reciprocal costs the library nothing, and so the reader only what the list says besides. */
function priceFor(policy: LibraryPolicy, { request, attempt, patron, pages }: ForReader): Fee | undefined {
  const { service, literature, statedMinor } = request;
  if (statedMinor != null) return { amountMinor: Number(statedMinor), subsidyMinor: 0 };
  const paid = attempt !== undefined && termsWith(policy, attempt.peer) === 'account';
  const price = priceOfRequest(policy, {
    service,
    literature,
    userGroup: patron.userGroup,
    peer: attempt?.peer,
    costMinor: paid ? Number(attempt.costMinor ?? 0) : 0,
    ...(paid && attempt.currency != null && { currency: attempt.currency }),
    pages,
  });
  return isRefused(price) || !price.exact ? undefined : price.fee;
}

/** The fee as far as the reader has agreed to it; the rest is the library's. A price that staff have stated was agreed with the reader. */
function withinAgreed(
  tx: Tx,
  { currency }: LibraryPolicy,
  { request, at, actor }: ForReader,
  { form, fee }: { readonly form: IllFormRow; readonly fee: Fee },
): Fee {
  if (request.statedMinor != null) return fee;
  const limitMinor = Math.max(Number(form.limit ?? 0), Number(request.agreedMinor ?? 0));
  const above = fee.amountMinor - limitMinor;
  if (above <= 0) return fee;
  const detail = { amountMinor: fee.amountMinor, limitMinor, currency };
  record(tx, requestSubject(request), { kind: 'ill-above-limit', actor, at, detail });
  return { amountMinor: limitMinor, subsidyMinor: fee.subsidyMinor + above };
}

export interface NotShipped {
  readonly request: IllRequest;
  readonly attempt?: IllAttempt | undefined;
  readonly why: TakeBackReason;
  readonly at: Date;
  readonly actor?: Actor;
}

/**
 * Takes back what was booked on shipping, as the policy says for the reason (`ill.prices.takeBack`); nothing where nothing was, or it was taken back before. Reader and
 * request are locked. Answers what became the reader's credit, in minor units.
 */
export async function takeBackShipped(tx: Tx, policy: LibraryPolicy, given: NotShipped): Promise<number> {
  const { request, attempt, why, at, actor = 'system' } = given;
  const relief = pricesOf(policy).takeBack[why];
  const change = { at, actor, reason: why };
  if (relief.library === 'drop' && attempt) await takeBackBetween(tx, request.library, attempt.id, change);
  await resolveTask(tx, 'ill-price', request.id, { at, by: actor, outcome: 'dropped' });
  if (relief.reader === 'keep') return 0;
  const credited = await dropReaderCharge(tx, causeOf(request), chargedFor(request, attempt), change);
  if (credited === undefined) return 0;
  const detail = { reason: why, amountMinor: credited, currency: policy.currency };
  record(tx, requestSubject(request), { kind: 'ill-charge-dropped', actor, at, detail });
  [request.priceMinor, request.costMinor] = [null, null];
  return credited;
}

/** What a lost thing costs between the libraries, in minor units of `currency`. */
export interface LostBetween {
  readonly costMinor: number;
  /** Absent: the library's own. */
  readonly currency?: string;
  readonly at: Date;
  readonly actor: Actor;
}

/** Books what we owe the supplier for a thing that was lost, once. The request is locked. */
export async function bookLost(
  tx: Tx,
  policy: LibraryPolicy,
  request: IllRequest,
  attempt: IllAttempt,
  { costMinor, currency = policy.currency, at, actor }: LostBetween,
): Promise<void> {
  const owed = { ...between(policy, { request, attempt, at, actor }), costMinor, currency };
  await bookBetween(tx, policy, 'lost', owed);
}

const supplied = ({ currency }: LibraryPolicy, supply: SupplyRequest, at: Date, actor: Actor): Between => ({
  library: supply.library,
  peer: supply.peer,
  side: 'supplier',
  aboutId: supply.id,
  reference: supply.theirRef,
  number: supply.number,
  service: supply.service,
  costMinor: supply.costMinor ?? 0n,
  currency: supply.currency ?? currency,
  at,
  actor,
});

/** Books what another library owes for what we have shipped, once (I15). The supply is locked; its `costMinor` and `currency` say how much. */
export async function bookSupplied(
  tx: Tx,
  policy: LibraryPolicy,
  supply: SupplyRequest,
  at: Date,
  actor: Actor = 'system',
): Promise<void> {
  await bookBetween(tx, policy, 'shipped', supplied(policy, supply, at, actor));
}

/** Takes that back, as the policy says for the reason; once. */
export async function takeBackSupplied(
  tx: Tx,
  policy: LibraryPolicy,
  supply: SupplyRequest,
  { why, at, actor = 'system' }: Pick<NotShipped, 'why' | 'at' | 'actor'>,
): Promise<void> {
  if (pricesOf(policy).takeBack[why].library === 'keep') return;
  await takeBackBetween(tx, supply.library, supply.id, { at, actor, reason: why });
}

/** Books what another library owes for a thing of ours that it has lost, once. The supply is locked. */
export async function bookLostSupplied(
  tx: Tx,
  policy: LibraryPolicy,
  supply: SupplyRequest,
  { costMinor, currency = policy.currency, at, actor }: LostBetween,
): Promise<void> {
  await bookBetween(tx, policy, 'lost', { ...supplied(policy, supply, at, actor), costMinor, currency });
}
