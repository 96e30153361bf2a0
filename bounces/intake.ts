import { createHash } from 'node:crypto';
import type { Logger } from 'pino';
import { findNotice, type ReturnAddresses } from './find-notice.ts';
import { openMail, type OpenedMail } from './open-mail.ts';
import { readReport, type Report } from './read-report.ts';

/** A report, ready to be recorded. */
export interface Incoming {
  readonly noticeId: string;
  /** The same for the same report, however often it is read. */
  readonly messageKey: string;
  readonly report: Report;
  readonly via: Via;
}

export type Via = 'imap' | 'lmtp';

/** Records a report; answers false when there is no such notice. Throws when database or engine do not answer: the report must then be offered again. */
export type RecordReport = (incoming: Incoming) => Promise<boolean>;

/** What became of a mail: `recorded`, understood but of no account (`ignored`), or `unknown`: a person may want to look at it. */
export type Taken = 'recorded' | 'ignored' | 'unknown';

export interface Received {
  readonly raw: Uint8Array;
  /** To whom it was delivered, where the protocol tells. */
  readonly recipients?: readonly string[];
  readonly via: Via;
}

export interface IntakeDeps {
  readonly addresses: ReturnAddresses;
  readonly record: RecordReport;
  readonly logger: Logger;
}

export type Intake = (received: Received) => Promise<Taken>;

/**
 * Takes one mail that came to a return address (N4): whose notice it is about, what it says, and has it recorded. Without a token signed here nothing is recorded. Logs
 * no content and no address.
 *
 * @throws when it cannot be recorded now; the mail is to be kept and offered again
 */
export function createIntake({ addresses, record, logger }: IntakeDeps): Intake {
  return async ({ raw, recipients = [], via }) => {
    const mail = await openMail(raw);
    const noticeId = mail && findNotice(addresses, mail, recipients);
    if (!mail || noticeId === undefined) {
      logger.warn({ via, bytes: raw.byteLength }, 'a mail to a return address carries no token of ours');
      return 'unknown';
    }
    const reading = readReport(mail);
    const taken =
      'format' in reading ? await keep({ mail, raw, noticeId, report: reading, via }) : sorted(reading);
    logger.info({ via, noticeId, outcome: reading.outcome, taken }, 'a mail came back');
    return taken;
  };

  async function keep(
    found: Omit<Incoming, 'messageKey'> & { mail: OpenedMail; raw: Uint8Array },
  ): Promise<Taken> {
    const { noticeId, report, via } = found;
    return (await record({ noticeId, report, via, messageKey: keyOf(found) })) ? 'recorded' : 'unknown';
  }
}

const sorted = ({ outcome }: { outcome: string }): Taken => (outcome === 'unknown' ? 'unknown' : 'ignored');

/** A report is known by its Message-ID, or else by its bytes: delivered twice over different ways, its trace headers differ. */
function keyOf({
  mail,
  raw,
  noticeId,
  report,
}: {
  mail: OpenedMail;
  raw: Uint8Array;
  noticeId: string;
  report: Report;
}): string {
  const itself = mail.messageId ?? createHash('sha256').update(raw).digest('base64url');
  return createHash('sha256').update(`${noticeId} ${report.outcome} ${itself}`).digest('base64url');
}
