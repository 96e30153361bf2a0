import type { LibrarySettlementData } from './content.ts';
import { facts, type NoticeBody, paragraph } from './document.ts';
import { formatMoney, longDay } from './formats.ts';
import type { Speaker } from './speaker.ts';

/** To another library (I17): what the two have supplied to each other, in the attached statement; who pays whom. */
export function librarySettlement(
  { say, shared, language }: Speaker,
  { number, from, to, amount, sum }: LibrarySettlementData,
): NoticeBody {
  return {
    subject: say('subject', { number }),
    blocks: [
      ...paragraph(say('opening')),
      facts(
        [say('number'), number],
        [say('period'), `${longDay(language, from)} – ${longDay(language, to)}`],
        [say('amount'), formatMoney(language, amount)],
      ),
      ...paragraph(shared(`librarySettlement.sum.${sum}`), say('closing')),
    ],
  };
}
