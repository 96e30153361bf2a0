import { Temporal } from 'temporal-polyfill';
import { debtReasons } from './charges.ts';
import { type PatronFacts, standingReasons } from './patrons.ts';
import { permissionReasons } from './permissions.ts';
import type { LibraryPolicy } from './policy.ts';
import type { IllPolicy } from './policy-ill.ts';
import type { Reason } from './refusal.ts';

/** Who asks: the reader, or a librarian for them. */
export type RequestChannel = 'web' | 'desk';

/** What decides whether a request is taken; all of it is read under the reader's lock. */
export interface RequestFacts {
  readonly policy: LibraryPolicy;
  readonly ill: IllPolicy;
  readonly now: Temporal.Instant;
  readonly channel: RequestChannel;
  /** Null: for somebody without a card (I7). */
  readonly reader: {
    readonly facts: PatronFacts;
    readonly permissions: readonly string[];
    readonly userGroup: string;
    /** Open requests. */
    readonly open: number;
    /** When those of the policy's period were submitted, the oldest first; epoch milliseconds. */
    readonly submitted: readonly number[];
  } | null;
  /** The number of a request of theirs that is likely for the same. */
  readonly duplicate: string | null;
  /** What the library itself has of it. */
  readonly held: { readonly title: string; readonly serial: boolean } | null;
  readonly overridden: readonly string[];
}

/** The limits of a user group, or of everybody where the group has none of its own. */
export function limitsOf({ requests: { limits } }: IllPolicy, userGroup: string) {
  return limits.groups[userGroup] ?? limits;
}

/** Since when a reader's requests count for the period's limit; undefined: there is no such limit. */
export function periodStart(
  { timeZone }: Pick<LibraryPolicy, 'timeZone'>,
  ill: IllPolicy,
  userGroup: string,
  now: Temporal.Instant,
): Temporal.Instant | undefined {
  const { period } = limitsOf(ill, userGroup);
  return period && now.toZonedDateTimeISO(timeZone).subtract(period.per).toInstant();
}

/** Since when the same request again is likely a mistake. */
export function duplicatesSince(
  { timeZone }: Pick<LibraryPolicy, 'timeZone'>,
  { requests }: IllPolicy,
  now: Temporal.Instant,
): Temporal.Instant {
  return now.toZonedDateTimeISO(timeZone).subtract(requests.duplicateWithin).toInstant();
}

/** Every reason for which a library does not take a request; empty when it does (I1, I2, I7, A7, F4). */
export function requestReasons(facts: RequestFacts): Reason[] {
  return [...readerReasons(facts), ...warnings(facts)];
}

function readerReasons(facts: RequestFacts): Reason[] {
  const { policy, ill, reader, channel, now } = facts;
  const { forOthers, permission } = ill.requests;
  if (reader === null) return forOthers === 'anyone' ? [] : [{ code: 'others-not-offered' }];
  if (channel === 'desk' && forOthers === 'none') return [{ code: 'others-not-offered' }];
  const today = now.toZonedDateTimeISO(policy.timeZone).toPlainDate();
  return [
    ...standingReasons(reader.facts, today, channel),
    ...debtReasons(policy, 'hold', reader.facts.owedMinor),
    ...(channel === 'web' ? permissionReasons(reader, policy, permission) : []),
    ...openReasons(facts),
    ...periodReasons(facts),
  ];
}

function openReasons({ ill, reader }: RequestFacts): Reason[] {
  const { open: limit } = limitsOf(ill, reader?.userGroup ?? '');
  const has = reader?.open ?? 0;
  return limit !== undefined && has >= limit ? [{ code: 'request-limit', has, limit }] : [];
}

/** The next one is possible when so many have left the period that there is room again. */
function periodReasons({ policy: { timeZone }, ill, reader, now }: RequestFacts): Reason[] {
  const { period } = limitsOf(ill, reader?.userGroup ?? '');
  const submitted = reader?.submitted ?? [];
  if (!period || submitted.length < period.requests) return [];
  const dayOf = (at: Temporal.ZonedDateTime) => at.toPlainDate().toString();
  const leaves = Temporal.Instant.fromEpochMilliseconds(submitted[submitted.length - period.requests] ?? 0);
  return [
    {
      code: 'request-limit-period',
      has: submitted.length,
      limit: period.requests,
      since: dayOf(now.toZonedDateTimeISO(timeZone).subtract(period.per)),
      next: dayOf(leaves.toZonedDateTimeISO(timeZone).add(period.per)),
    },
  ];
}

/** What a reader may go on in spite of – unless the library's rule is to refuse. Of a serial nobody knows whether the part that is wanted is there, so that it is never refused. */
function warnings({ ill, duplicate, held, overridden }: RequestFacts): Reason[] {
  const rule = ill.requests.heldHere;
  const passed = overridden.includes('held-here') && (rule !== 'refuse' || held?.serial === true);
  return [
    ...(duplicate === null || overridden.includes('duplicate')
      ? []
      : [{ code: 'request-duplicate', number: duplicate } as const]),
    ...(held === null || rule === 'ignore' || passed
      ? []
      : [{ code: 'held-here', title: held.title } as const]),
  ];
}
