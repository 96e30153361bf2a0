import { createHash } from 'node:crypto';
import type { Limit } from './lock-out.ts';

const hour = 3_600_000;

/** Forms that an address is written into, and that come from a network: a campus or a school may be behind one. */
export const addressLimit: Limit = { failures: 10, lockMs: hour, grows: false };
export const applicantsLimit: Limit = { failures: 120, lockMs: hour, grows: true };

const hashed = (text: string) => createHash('sha256').update(text).digest('base64url');

/** The counters' keys; an address stands in them as its hash. */
export const applicationKeys = {
  address: (library: string, email: string) => `application:${library}:${hashed(email)}`,
  network: (library: string, network: string) => `application-network:${library}:${network}`,
};
