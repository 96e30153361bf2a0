import { createTransport } from 'nodemailer';
import { pino } from 'pino';
import { createIntake } from '../../bounces/intake.ts';
import { listenForBounces } from '../../bounces/lmtp.ts';
import { createRecorder } from '../../bounces/record.ts';
import { secret, type Backend } from './carrel.ts';

/** The intake of returned mail as a worker runs it, for a backend under test. */
export function intakeFor({ orm, client, taskQueue, policies }: Backend) {
  const patterns = policies.all().flatMap(({ sender }) => sender.returnPath ?? []);
  const addresses = { patterns, secret };
  const logger = pino({ level: 'silent' });
  const intake = createIntake({ addresses, record: createRecorder({ orm, client, taskQueue }), logger });
  return { addresses, intake, logger };
}

/** A listener for returned mail, and a mail server that hands mail on to it. */
export async function returnedMail(backend: Backend, lmtp = true) {
  const { addresses, intake, logger } = intakeFor(backend);
  const listener = await listenForBounces(
    { host: '127.0.0.1', port: 0, lmtp },
    { addresses, intake, logger },
  );
  const server = createTransport({ host: '127.0.0.1', port: listener.port, lmtp, ignoreTLS: true });
  return {
    /** Hands a mail on; rejects with the listener's answer when it is not taken. */
    handOn: async (raw: Uint8Array, to: string) => {
      const answer = await server.sendMail({ envelope: { from: '', to }, raw: Buffer.from(raw) });
      // LMTP answers for each recipient once the mail has come, which nodemailer does not count as a failure.
      const [refusal] = answer.rejectedErrors ?? [];
      if (refusal) throw refusal;
    },
    close: async () => {
      server.close();
      await listener.close();
    },
  };
}
