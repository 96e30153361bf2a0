import type { ReconciliationDiffersData } from './content.ts';
import { facts, type NoticeBody, type Pair, paragraph } from './document.ts';
import { formatMoney } from './formats.ts';
import type { Speaker } from './speaker.ts';

/** To the cashier's office (P9): what of a day differs, each to the cent. What differs in no amount – a statement that has not come – is named without one. */
export function reconciliationDiffers(
  { say, shared, language }: Speaker,
  { day, lines, others }: ReconciliationDiffersData,
): NoticeBody {
  const pairs = lines.map(({ kind, account, amount }): Pair => [
    `${shared(`difference.${kind}`)} (${account})`,
    amount.amountMinor === 0 ? '–' : formatMoney(language, amount),
  ]);
  return {
    subject: say('subject', { day }),
    blocks: [
      ...paragraph(say('opening')),
      facts(...pairs),
      ...paragraph(others > 0 ? say('others', { count: others }) : undefined, say('closing')),
    ],
  };
}
