import type {
  ApplicationApprovedData,
  ApplicationConfirmData,
  ApplicationData,
  ApplicationOverdueData,
  ApplicationReceivedData,
  ApplicationRefusedData,
  ApplicationTurnData,
} from './application-content.ts';
import { cleanLines } from './clean.ts';
import { type Block, facts, type NoticeBody, paragraph } from './document.ts';
import type { Speaker } from './speaker.ts';
import { webAddress } from './web-address.ts';

/** Staff explain at length; the text goes out whole, within reason. */
const longestRemark = 4_000;

function link(label: string, address: string): Block {
  const url = webAddress(address);
  if (url === undefined) throw new Error('A link to an application must be an http or https address.');
  return { is: 'link', label, url };
}

const remarkOf = (remark: string) => cleanLines(remark, longestRemark);

/** The first mail where the address has to be confirmed (A11): one link confirms, the other leads to the application. */
export function applicationConfirm({ say }: Speaker, data: ApplicationConfirmData): NoticeBody {
  return {
    subject: say('subject'),
    blocks: [
      ...paragraph(say('opening', data)),
      link(say('link'), data.url),
      ...paragraph(say('validity', { validUntil: data.validUntil }), say('follow')),
      link(say('status'), data.statusUrl),
      ...paragraph(say('closing')),
    ],
  };
}

/** "Submitted, a mail follows" (A4): by when the applicant hears, and whom to phone if not (A5). */
export function applicationReceived({ say }: Speaker, data: ApplicationReceivedData): NoticeBody {
  const { due, phone } = data;
  return {
    subject: say('subject'),
    blocks: [
      ...paragraph(
        say('opening', data),
        due === undefined ? undefined : say('due', { due, phone }),
        say('follow'),
      ),
      link(say('status'), data.statusUrl),
    ],
  };
}

/** A question, or a rejection with its reason: what staff wrote, and where and until when the applicant goes on. */
export function applicationTurn({ say }: Speaker, data: ApplicationTurnData): NoticeBody {
  return {
    subject: say('subject'),
    blocks: [
      ...paragraph(
        say('opening', data),
        ...remarkOf(data.remark),
        say('todo', { validUntil: data.validUntil }),
      ),
      link(say('link'), data.statusUrl),
    ],
  };
}

export function applicationRefused({ say }: Speaker, data: ApplicationRefusedData): NoticeBody {
  return {
    subject: say('subject'),
    blocks: paragraph(say('opening', data), ...remarkOf(data.remark), say('closing')),
  };
}

/** A new account with its card number, or a service for an account there is. */
export function applicationApproved(speaker: Speaker, data: ApplicationApprovedData): NoticeBody {
  const { say, fact } = speaker;
  const validUntil = data.validUntil && fact('day-value', { at: data.validUntil });
  return {
    subject: say('subject'),
    blocks: [
      ...paragraph(say('opening', data)),
      facts([fact('card'), data.card], [fact('valid-until'), validUntil]),
      ...paragraph(say(data.newAccount ? 'new-account' : 'service')),
    ],
  };
}

/** What needs no more than its words and what was applied for. */
export function applicationWords({ say }: Speaker, data: ApplicationData): NoticeBody {
  return { subject: say('subject', data), blocks: paragraph(say('opening', data), say('closing')) };
}

/** To the supervisor (A5): which review is late, and since when; nothing of who applied. */
export function applicationOverdue(speaker: Speaker, data: ApplicationOverdueData): NoticeBody {
  const { say, fact } = speaker;
  const moment = (at: number) => fact('until-value', { at });
  return {
    subject: say('subject', data),
    blocks: [
      ...paragraph(say('opening')),
      facts(
        [fact('procedure'), data.procedure],
        [fact('submitted'), fact('day-value', { at: data.submittedAt })],
        [fact('review-due'), moment(data.due)],
        [fact('application'), data.applicationId],
      ),
    ],
  };
}
