import type { DisputeDecidedData } from './content.ts';
import { facts, type NoticeBody, paragraph } from './document.ts';
import { formatMoney } from './formats.ts';
import type { Speaker } from './speaker.ts';

function outcomeOf({ waived, debited, open }: DisputeDecidedData) {
  const isPaid = debited !== undefined && open.amountMinor === 0;
  if (!waived) return isPaid ? 'rejected-debited' : 'rejected';
  if (isPaid) return 'upheld-partly-debited';
  return open.amountMinor > 0 ? 'upheld-partly' : 'upheld';
}

/** What staff decided on a fee the reader objected to (P7): waived, wholly or in part, or due again, and why. */
export function disputeDecided(speaker: Speaker, data: DisputeDecidedData): NoticeBody {
  const { say, fact, shared, language } = speaker;
  const { cause, waived, debited, open, remark } = data;
  return {
    subject: say(waived ? 'subject-upheld' : 'subject'),
    blocks: [
      ...paragraph(say('opening'), say(outcomeOf(data))),
      facts(
        [fact('charge'), shared(`money.cause.${cause}`)],
        [fact('waived'), waived && formatMoney(language, waived)],
        [fact('debited'), debited && formatMoney(language, debited)],
        [fact('still-open'), formatMoney(language, open)],
        [fact('remark'), remark ?? undefined],
      ),
      ...paragraph(say('closing')),
    ],
  };
}
