import type { IllAttempt, IllFormRow, IllRequest, Patron } from '../../db/entities/index.ts';
import { IllAttempt as Attempt, IllFormRow as Form, IllRequest as Request } from '../../db/entities/index.ts';
import { lockPatron, lockRequest, present } from '../../db/locks.ts';
import { closuresFrom } from '../../db/queries/closures.ts';
import type { Tx } from '../../db/transaction.ts';
import type { IllPolicy } from '../../domain/policy-ill.ts';
import type { LibraryPolicy } from '../../domain/policy.ts';
import { reviewDueAt } from '../../domain/review-deadlines.ts';
import type { Actor } from '../../domain/roles.ts';
import type { ActivityDeps, Roused } from '../deps.ts';
import { instant, toDate } from '../facts.ts';

/** A request under its locks, and what is to be told when the transaction is committed. */
export interface Held {
  readonly deps: ActivityDeps;
  readonly tx: Tx;
  readonly policy: LibraryPolicy;
  readonly ill: IllPolicy;
  readonly request: IllRequest;
  /** The reader; absent where it is for nobody who has a card. */
  readonly patron?: Patron | undefined;
  readonly at: Date;
  readonly actor: Actor;
  readonly rouse: Roused[];
  readonly wake: string[];
}

export interface Moment {
  readonly at: Date;
  readonly actor: Actor;
}

/** Locks the reader and the request, in this order. Throws `MovedOn` when the request is not there. */
export async function holdRequest(
  deps: ActivityDeps,
  tx: Tx,
  requestId: string,
  moment: Moment,
): Promise<Held> {
  const seen = present(await tx.findOne(Request, { id: requestId }), `request ${requestId}`);
  const patron = seen.patronId ? await lockPatron(tx, seen.patronId) : undefined;
  const request = present(await lockRequest(tx, requestId), `request ${requestId}`);
  return heldOf(deps, tx, request, { ...moment, patron });
}

/** The same of a request that is locked, or that this transaction has made. */
export function heldOf(
  deps: ActivityDeps,
  tx: Tx,
  request: IllRequest,
  { at, actor, patron }: Moment & { readonly patron?: Patron | undefined },
): Held {
  const policy = deps.policies.get(request.library);
  if (policy.ill === 'none') throw new Error(`The policy of ${request.library} has no interlibrary loan.`);
  return { deps, tx, policy, ill: policy.ill, request, patron, at, actor, rouse: [], wake: [] };
}

/** Its suppliers so far, in order. */
export function attemptsOf({ tx, request }: Held): Promise<IllAttempt[]> {
  return tx.find(Attempt, { requestId: request.id }, { orderBy: { position: 'asc' } });
}

/** The attempt that was made last, whether or not it is over. */
export async function latestAttempt({ tx, request }: Held): Promise<IllAttempt | undefined> {
  return request.attemptId
    ? ((await tx.findOne(Attempt, { id: request.attemptId })) ?? undefined)
    : undefined;
}

/** The attempt that is under way. */
export async function openAttemptOf(held: Held): Promise<IllAttempt | undefined> {
  const latest = await latestAttempt(held);
  return latest?.outcome === 'open' ? latest : undefined;
}

/** The version of the form that counts. */
export function formOf({ tx, request }: Held): Promise<IllFormRow> {
  return tx.findOneOrFail(Form, { id: request.formId });
}

/** Closing time of the n-th working day from now on, by the library's calendar (I10, I12). */
export async function workingDaysFrom({ tx, policy, ill, at }: Held, within: number): Promise<Date> {
  const { branch, weekdays } = ill.obtaining;
  const review = { within, branch, weekdays };
  const closures = await closuresFrom(tx, policy.code, at);
  return toDate(reviewDueAt({ policy, closures, review }, instant(at)));
}
