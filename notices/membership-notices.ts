import type { MembershipDueData } from './content.ts';
import { facts, type NoticeBody, paragraph } from './document.ts';
import { formatMoney } from './formats.ts';
import type { Speaker } from './speaker.ts';

/** The usage fee is due, or still open after a reminder (F12); what paying it does for the family, and what it means not to (F3, F4). */
export function membershipDue(speaker: Speaker, data: MembershipDueData): NoticeBody {
  const { say, fact, language } = speaker;
  const again = data.step > 1 ? '-again' : '';
  return {
    subject: say(`subject${again}`),
    blocks: [
      ...paragraph(say(`opening${again}`)),
      facts(
        [fact('amount-due'), formatMoney(language, data.open)],
        [fact('paid-until'), speaker.shared('notice.fact.day-value', { at: data.paidUntil })],
      ),
      ...paragraph(say('extends'), say('self-service'), say('closing')),
    ],
  };
}
