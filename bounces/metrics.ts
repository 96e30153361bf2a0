import { Counter, Gauge, Registry } from 'prom-client';
import type { Intake } from './intake.ts';

/** What operators watch: how many mails came back and what became of them, and whether the mailbox is in reach. */
export function createBounceMetrics(isConnected: (() => boolean) | undefined) {
  const registry = new Registry();
  const taken = new Counter({
    name: 'carrel_returned_mails_total',
    help: 'Mails that came back, by the way they came and what became of them; failed: to be offered again.',
    labelNames: ['via', 'taken'],
    registers: [registry],
  });
  if (isConnected) registry.registerMetric(connectedGauge(isConnected));
  return {
    /** The same intake, counted. */
    counted:
      (intake: Intake): Intake =>
      async (received) => {
        try {
          const outcome = await intake(received);
          taken.inc({ via: received.via, taken: outcome });
          return outcome;
        } catch (error) {
          taken.inc({ via: received.via, taken: 'failed' });
          throw error;
        }
      },
    text: () => registry.metrics(),
  };
}

function connectedGauge(isConnected: () => boolean): Gauge {
  return new Gauge({
    name: 'carrel_returned_mailbox_connected',
    help: 'Whether the mailbox of returned mail is open: 1, or 0.',
    registers: [],
    collect() {
      this.set(isConnected() ? 1 : 0);
    },
  });
}
