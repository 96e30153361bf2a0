import type { NoticeKind } from '../domain/kinds.ts';
import { confirmEmail, emailFailing, plainWords } from './address-notices.ts';
import {
  applicationApproved,
  applicationConfirm,
  applicationOverdue,
  applicationReceived,
  applicationRefused,
  applicationTurn,
  applicationWords,
} from './application-notices.ts';
import { disputeDecided } from './charge-notices.ts';
import type { DataOf, NoticeOf, PasswordLinkData } from './content.ts';
import { type NoticeBody, paragraph } from './document.ts';
import { deliveryNotice, documentNotice } from './delivery-notices.ts';
import { familyChange } from './family-notices.ts';
import { cancelled, lapsed, passedOver, placed, secured } from './hold-notices.ts';
import { paymentExpiring, paymentInstructions, voucherRefused } from './instruction-notices.ts';
import { dueSoon, overdue } from './loan-notices.ts';
import { membershipDue } from './membership-notices.ts';
import { transferNotice } from './transfer-notices.ts';
import { invoiceIssued, paymentReceived } from './money-notices.ts';
import { reconciliationDiffers } from './reconciliation-notices.ts';
import { librarySettlement } from './settlement-notices.ts';
import {
  requestAsked,
  requestForm,
  requestRemark,
  requestUnfilled,
  requestWords,
} from './request-notices.ts';
import type { Speaker } from './speaker.ts';
import { webAddress } from './web-address.ts';

function passwordLink({ say }: Speaker, data: PasswordLinkData): NoticeBody {
  const url = webAddress(data.url);
  if (url === undefined) throw new Error('A password link must be an http or https address.');
  return {
    subject: say('subject'),
    blocks: [
      ...paragraph(say('opening')),
      { is: 'link', label: say('link'), url },
      ...paragraph(say('validity', { validUntil: data.validUntil }), say('closing')),
    ],
  };
}

const composers: { readonly [Kind in NoticeKind]: (speaker: Speaker, data: DataOf<Kind>) => NoticeBody } = {
  placed,
  secured,
  lapsed,
  cancelled,
  'passed-over': passedOver,
  'due-soon': dueSoon,
  overdue,
  'password-link': passwordLink,
  'application-confirm': applicationConfirm,
  'application-received': applicationReceived,
  'application-question': applicationTurn,
  'application-rejected': applicationTurn,
  'application-refused': applicationRefused,
  'application-approved': applicationApproved,
  'application-merged': applicationWords,
  'application-lapsed': applicationWords,
  'application-overdue': applicationOverdue,
  'confirm-email': confirmEmail,
  'email-registered': plainWords,
  'email-changed': plainWords,
  'email-failing': emailFailing,
  'test-mail': plainWords,
  'family-linked': familyChange,
  'family-unlinked': familyChange,
  'family-consent': familyChange,
  'family-consent-ended': familyChange,
  'membership-due': membershipDue,
  'reconciliation-differs': reconciliationDiffers,
  'library-settlement': librarySettlement,
  'dispute-decided': disputeDecided,
  'payment-received': paymentReceived,
  'payment-short': transferNotice,
  'payment-double': transferNotice,
  'payment-returned': transferNotice,
  'payment-instructions': paymentInstructions,
  'payment-expiring': paymentExpiring,
  'voucher-refused': voucherRefused,
  'invoice-issued': invoiceIssued,
  'ill-arrived': deliveryNotice,
  'ill-sent': deliveryNotice,
  'ill-unusable': deliveryNotice,
  'ill-renewed': deliveryNotice,
  'ill-not-renewed': deliveryNotice,
  'ill-recalled': deliveryNotice,
  'ill-overdue': deliveryNotice,
  'ill-lost': deliveryNotice,
  'ill-due-soon': deliveryNotice,
  'ill-document': documentNotice,
  'ill-document-held': documentNotice,
  'ill-document-expired': documentNotice,
  'ill-submitted': requestWords,
  'ill-promised': requestWords,
  'ill-asked': requestAsked,
  'ill-unfilled': requestUnfilled,
  'ill-cancelled': requestRemark,
  'ill-cancel-refused': requestWords,
  'ill-rejected': requestRemark,
  'ill-form': requestForm,
};

/** Says what a notice has to say, in the order a reader wants to know it: what happened, to which title, what to do now. */
export function compose<Kind extends NoticeKind>(
  speaker: Speaker,
  { kind, data }: NoticeOf<Kind>,
): NoticeBody {
  return composers[kind](speaker, data);
}
