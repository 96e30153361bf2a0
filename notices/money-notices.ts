import type { InvoiceIssuedData, PaymentReceivedData } from './content.ts';
import { facts, type NoticeBody, paragraph } from './document.ts';
import { formatMoney } from './formats.ts';
import type { Speaker } from './speaker.ts';

/** Money came (P3), or was handed out: how much, and where the receipt is – attached to the mail, or in the account. */
export function paymentReceived(speaker: Speaker, data: PaymentReceivedData): NoticeBody {
  const { say, shared, language } = speaker;
  const amount = formatMoney(language, data.amount);
  const { kind } = data;
  const attached = kind === 'slip' ? 'attached-slip' : 'attached';
  const isPayment = kind === 'receipt' || kind === 'slip';
  const [paid, given] = ['document.means', 'document.given-by'];
  return {
    subject: say(isPayment ? 'subject' : `subject-${kind}`, { amount }),
    blocks: [
      ...paragraph(say(isPayment ? 'opening' : `opening-${kind}`)),
      facts(
        [shared('document.amount'), amount],
        [shared(isPayment || kind === 'deposit' ? paid : given), shared(`money.payment.${data.means}`)],
        [shared(`document.${data.kind}`), data.number],
      ),
      ...paragraph(
        say(data.attached ? attached : 'in-account'),
        say(isPayment ? 'closing' : 'closing-handed'),
      ),
    ],
  };
}

/** An invoice was issued (P6). */
export function invoiceIssued(speaker: Speaker, data: InvoiceIssuedData): NoticeBody {
  const { say, shared, language } = speaker;
  return {
    subject: say('subject', { number: data.number ?? '' }),
    blocks: [
      ...paragraph(say('opening')),
      facts(
        [shared('document.invoice'), data.number],
        [shared('document.amount'), formatMoney(language, data.amount)],
      ),
      ...paragraph(say(data.attached ? 'attached' : 'in-account'), say('closing')),
    ],
  };
}
