import type { AwaitedPaymentData, InstructionsData, VoucherRefusedData } from './content.ts';
import { facts, type NoticeBody, type Pair, paragraph } from './document.ts';
import { formatMoney } from './formats.ts';
import type { Speaker } from './speaker.ts';

type Label = (name: string) => string;

function whereTo(label: Label, { to }: InstructionsData): Pair[] {
  if (to.means === 'transfer')
    return [
      [label('unit'), to.unit],
      [label('department-code'), to.departmentCode],
      [label('project-code'), to.projectCode],
      [label('purpose'), to.purpose],
    ];
  return [
    [label('holder'), to.holder],
    [label('bank'), to.bank],
    [label('branch'), to.branch],
    [label('account'), to.account],
    [label('bic'), to.bic],
    [label('text'), to.text],
  ];
}

function what({ shared, until, language }: Speaker, data: AwaitedPaymentData): Pair[] {
  return [
    [shared('payTo.amount'), formatMoney(language, data.amount)],
    [shared('payTo.reference'), data.reference],
    [shared('payTo.until'), data.until === undefined ? undefined : until(data.until)],
  ];
}

/** Where a payment's money is to go, and with what reference (P4, P5). */
export function paymentInstructions(speaker: Speaker, data: InstructionsData): NoticeBody {
  const { say, shared } = speaker;
  const form = data.to.means === 'transfer' ? say(data.attached ? 'attached' : 'form') : undefined;
  const label = (name: string) => shared(`payTo.${name}`);
  return {
    subject: say('subject'),
    blocks: [
      ...paragraph(say('opening'), say(data.to.means), form),
      facts(...whereTo(label, data), ...what(speaker, data)),
      ...paragraph(say(data.vouchers)),
    ],
  };
}

/** The payment ends soon, and nothing has come for it. */
export function paymentExpiring(speaker: Speaker, data: AwaitedPaymentData): NoticeBody {
  const { say } = speaker;
  return {
    subject: say('subject'),
    blocks: [...paragraph(say('opening')), facts(...what(speaker, data)), ...paragraph(say('closing'))],
  };
}

/** What was given as proof was not accepted, and why (P4). */
export function voucherRefused(speaker: Speaker, data: VoucherRefusedData): NoticeBody {
  const { say, shared } = speaker;
  return {
    subject: say('subject'),
    blocks: [
      ...paragraph(say('opening')),
      facts([shared('payTo.reason'), data.remark], ...what(speaker, data)),
      ...paragraph(say(data.forGood ? 'ended' : 'again')),
    ],
  };
}
