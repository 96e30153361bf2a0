import type { Logger } from 'pino';
import type { BounceConfig } from '../config/config.ts';
import type { Policies } from '../config/policies.ts';
import { startImapIntake } from './imap.ts';
import { createIntake } from './intake.ts';
import { listenForBounces } from './lmtp.ts';
import { createRecorder, type RecorderDeps } from './record.ts';

export interface BounceDeps extends RecorderDeps {
  readonly policies: Policies;
  readonly secret: string;
  readonly logger: Logger;
}

/** Takes in mail that comes back, in every way that is configured, until closed (N4). */
export async function startBounces(
  { imap, listen }: BounceConfig,
  { policies, secret, logger, ...deps }: BounceDeps,
): Promise<{ close: () => Promise<void> }> {
  const patterns = policies.all().flatMap(({ sender }) => sender.returnPath ?? []);
  const addresses = { patterns, secret };
  const intake = createIntake({ addresses, record: createRecorder(deps), logger });
  const mailbox = imap && startImapIntake(imap, { intake, logger });
  const listener = listen && (await listenForBounces(listen, { addresses, intake, logger }));
  return {
    close: async () => {
      await Promise.all([mailbox?.stop(), listener?.close()]);
    },
  };
}
