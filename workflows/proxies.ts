import { proxyActivities, proxyLocalActivities } from '@temporalio/workflow';
import type { Activities } from '../activities/index.ts';

/**
 * Database steps: one short transaction each, idempotent, so they run as local activities – fewer events, a quicker answer – and are tried again for
 * ever. Past ten seconds between tries the wait becomes a timer in the history, so that a long database outage does not hold a workflow task open.
 */
export const database = proxyLocalActivities<Activities>({
  startToCloseTimeout: '10s',
  localRetryThreshold: '10s',
  retry: { initialInterval: '200ms', backoffCoefficient: 2, maximumInterval: '1m' },
});

/**
 * What leaves the house. Tried again for ever: a mail server that is down for a day delays a notice and loses none (N2). A minute is a little longer than the
 * mail gateway gives itself; a worker killed at it is noticed after that.
 */
export const outside = proxyActivities<Activities>({
  startToCloseTimeout: '1m',
  retry: { initialInterval: '2s', backoffCoefficient: 2, maximumInterval: '5m' },
});

/**
 * Asking a payment service: two calls of ten seconds, and the database. Tried again for ever, and soon enough that a payer who waits sees the end of a short outage;
 * a worker killed at it is noticed in half a minute.
 */
export const gateway = proxyActivities<Activities>({
  startToCloseTimeout: '30s',
  retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '1m' },
});

/**
 * Sending to another agency, message after message for minutes while there are any; a heartbeat after each lets a dead worker be noticed. What cannot be sent is an answer, not an error:
 * the line waits and tries again.
 */
export const line = proxyActivities<Activities>({
  startToCloseTimeout: '10m',
  heartbeatTimeout: '1m',
  retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '1m' },
});

/** Sweeping asks the engine about hundreds of processes a page: minutes, not seconds, and a heartbeat to notice a dead worker. */
export const patient = proxyActivities<Activities>({
  startToCloseTimeout: '10m',
  heartbeatTimeout: '1m',
  retry: { initialInterval: '5s', backoffCoefficient: 2, maximumInterval: '1m' },
});
