import type { Logger } from 'pino';
import type { BounceConfig } from '../config/config.ts';
import type { Policies } from '../config/policies.ts';
import { type ImapIntake, startImapIntake } from './imap.ts';
import { createIntake } from './intake.ts';
import { listenForBounces } from './lmtp.ts';
import { createBounceMetrics } from './metrics.ts';
import { createRecorder, type RecorderDeps } from './record.ts';

export interface BounceDeps extends RecorderDeps {
  readonly policies: Policies;
  readonly secret: string;
  readonly logger: Logger;
}

export interface Bounces {
  /** Figures in Prometheus' format. */
  readonly metrics: () => Promise<string>;
  readonly close: () => Promise<void>;
}

/** Takes in mail that comes back, in every way that is configured, until closed (N4). */
export async function startBounces(
  { imap, listen }: BounceConfig,
  { policies, secret, logger, ...deps }: BounceDeps,
): Promise<Bounces> {
  const patterns = policies.all().flatMap(({ sender }) => sender.returnPath ?? []);
  const addresses = { patterns, secret };
  let mailbox: ImapIntake | undefined;
  const metrics = createBounceMetrics(imap && (() => mailbox?.isConnected() ?? false));
  const intake = metrics.counted(createIntake({ addresses, record: createRecorder(deps), logger }));
  mailbox = imap && startImapIntake(imap, { intake, logger });
  const listener = listen && (await listenForBounces(listen, { addresses, intake, logger }));
  return {
    metrics: metrics.text,
    close: async () => {
      await Promise.all([mailbox?.stop(), listener?.close()]);
    },
  };
}
