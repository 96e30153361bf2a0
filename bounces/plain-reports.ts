import { enhancedCode } from './delivery-status.ts';
import { judge } from './judge.ts';
import type { OpenedMail } from './open-mail.ts';
import { isDelay, reasonLine, spokenOutcome } from './phrases.ts';
import type { Report } from './read-report.ts';

/** By whom reports are sent: not by people. */
const daemon =
  /^(?:mailer[-_.]?daemon|post-?master|mail[-_.]?(?:admin|daemon|system|delivery)|mdaemon|microsoftexchange[0-9a-f]*)@/;

const qmailOpening = /^\s*Hi\. This is (?:the )?/;

/** Where the copy of the mail begins that came back; what it says is ours. */
const copyBelow =
  /^(?:-{2,}.{0,20}(?:below this line|copy of|original message|原邮件|原始邮件|元のメール|included is|the header|forwarded)|return-path:|received:|message-id:)/im;

/** The format a mail without a delivery status seems to have; undefined: no report at all. */
function formatOf(mail: OpenedMail): string | undefined {
  if (qmailOpening.test(mail.text)) return 'qsbmf';
  if (mail.header('x-failed-recipients').length > 0) return 'exim';
  return daemon.test(mail.from) || /^(?:mailer-daemon|postmaster)$/.test(mail.from) ? 'words' : undefined;
}

/**
 * Reads reports that have no `message/delivery-status`: qmail's (QSBMF), Exim's, old Exchange's, and those of Chinese, Japanese and German providers who write words only.
 * Undefined when it is none, or says nothing that is understood here.
 */
export function readPlainReport(mail: OpenedMail): Report | undefined {
  const format = formatOf(mail);
  if (format === undefined) return undefined;
  const text = `${mail.subject}\n${beforeCopy(mail.text)}`.slice(0, 20_000);
  const status = enhancedCode(text);
  const diagnostic = reasonLine(beforeCopy(mail.text));
  if (isDelay(text)) return { outcome: 'delayed', status, diagnostic, format };
  const understood =
    status !== undefined || spokenOutcome(text) !== undefined || /(?<!\d)55\d[ -]/.test(text);
  if (!understood) return undefined;
  return { outcome: judge({ status, diagnostic, text }), status, diagnostic, format };
}

function beforeCopy(text: string): string {
  const at = text.search(copyBelow);
  return at > 0 ? text.slice(0, at) : text;
}
