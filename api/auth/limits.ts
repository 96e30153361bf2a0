import { Temporal } from 'temporal-polyfill';
import type { LibraryPolicy } from '../../domain/policy.ts';
import type { Limit } from './lock-out.ts';

const milliseconds = (duration: string) => Temporal.Duration.from(duration).total('milliseconds');

type WithLockOut = Pick<LibraryPolicy, 'lockOut'>;

/** For a card or login, wherever the attempts come from. */
export function nameLimit({ lockOut }: WithLockOut): Limit {
  return { failures: lockOut.failures, lockMs: milliseconds(lockOut.lock), grows: false };
}

/** For a network address, whatever it tries. */
export function networkLimit({ lockOut }: WithLockOut): Limit {
  const { failures, lock } = lockOut.perAddress;
  return { failures, lockMs: milliseconds(lock), grows: true };
}

const hour = 3_600_000;

/** Mails with a link that a card is sent, and requests for them that an address may make. */
export const linkLimit: Limit = { failures: 4, lockMs: hour, grows: false };
export const linkNetworkLimit: Limit = { failures: 30, lockMs: hour, grows: true };

/** Verifications that an address may begin: more than all readers of a computer room in an hour. */
export const beginLimit: Limit = { failures: 600, lockMs: hour, grows: false };
