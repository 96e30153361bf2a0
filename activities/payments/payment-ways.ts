import type { Temporal } from 'temporal-polyfill';
import type { LibraryPolicy } from '../../domain/policy.ts';
import { expiryAt } from '../../domain/transfers.ts';
import type { WaitingMeans } from './payment-steps.ts';

/** What of a way the beginning of a payment depends on. */
export interface WaitingWay {
  readonly code: string;
  /** How long the money is waited for, an ISO 8601 duration; for ever where there is none. */
  readonly expires?: string | undefined;
  /** Minor units of the library's currency. */
  readonly minimumMinor?: number | undefined;
  readonly maximumMinor?: number | undefined;
  /** Who may use it; everybody where it is not stated. */
  readonly userGroups?: readonly string[] | undefined;
}

/** The library's ways of paying later, by their means (P3); a line each. */
const waysOf: Readonly<Record<WaitingMeans, (policy: LibraryPolicy) => readonly WaitingWay[]>> = {
  online: ({ money }) => money.ways.online,
  bank: ({ money }) => money.ways.bank,
  transfer: ({ money }) => money.ways.transfer,
};

export function waitingWay(policy: LibraryPolicy, means: WaitingMeans, code: string): WaitingWay | undefined {
  return waysOf[means](policy).find((way) => way.code === code);
}

/** Whether a reader of this group is offered the way (P3). */
export function isOfferedTo({ userGroups }: WaitingWay, userGroup: string | null | undefined): boolean {
  return userGroups === undefined || (userGroup != null && userGroups.includes(userGroup));
}

/** When a payment begun now is waited for no longer. */
export function expiryOf(
  policy: LibraryPolicy,
  { expires }: WaitingWay,
  now: number,
): Temporal.Instant | undefined {
  return expires === undefined ? undefined : expiryAt(policy, expires, now);
}
