import type { TransferData } from './content.ts';
import { facts, type NoticeBody, paragraph } from './document.ts';
import { formatMoney } from './formats.ts';
import type { Speaker } from './speaker.ts';

/** A transfer was not what it should have been (P9): less came than was to be paid, it was paid before, or the bank has taken it back. */
export function transferNotice(
  speaker: Speaker,
  { amount, other, reference, charged = false }: TransferData,
): NoticeBody {
  const { say, language } = speaker;
  const chargedAs = other.amountMinor < amount.amountMinor ? 'charged-rest' : 'charged';
  const [came, rest] = [formatMoney(language, amount), formatMoney(language, other)];
  return {
    subject: say('subject', { amount: came }),
    blocks: [
      ...paragraph(say(charged ? chargedAs : 'opening')),
      facts(
        [say('came'), came],
        [say(charged ? 'anew' : 'other'), other.amountMinor > 0 ? rest : undefined],
        [say('reference'), reference],
      ),
      ...paragraph(say('closing')),
    ],
  };
}
