import type { BounceOutcome } from '../domain/email.ts';
import { readDeliveryStatus, worst } from './delivery-status.ts';
import { codeOf, judge } from './judge.ts';
import type { OpenedMail } from './open-mail.ts';
import { otherMail, type OtherMail } from './other-mail.ts';
import { readPlainReport } from './plain-reports.ts';

/** What a report says of the mail it is about. */
export interface Report {
  readonly outcome: BounceOutcome;
  /** Enhanced status code of RFC 3463, if there is one. */
  readonly status: string | undefined;
  /** What the server said, as it said it. */
  readonly diagnostic: string;
  /** How the report is written: `rfc3464`, `qsbmf`, `exim`, `words`. */
  readonly format: string;
}

/** A mail that came to a return address: a report, good news, something that does not count, or `unknown`: nothing known here. */
export type Reading = Report | { readonly outcome: 'arrived' | 'unknown' | OtherMail };

const statusTypes = ['message/delivery-status', 'message/global-delivery-status'];

/**
 * Reads a mail that came to a return address (N4). A delivery status decides by itself, even in a mail that is marked as sent automatically, since reports are. Without
 * one, words count only in what a mail system sent, so that nobody's vacation reply is taken for a bounce.
 */
export function readReport(mail: OpenedMail): Reading {
  const told = mail.parts.filter(({ type }) => statusTypes.includes(type));
  const recipient = worst(told.flatMap(({ content }) => readDeliveryStatus(content)));
  if (recipient) return structured(mail, recipient);
  const other = otherMail(mail);
  if (other === 'receipt' || other === 'complaint') return { outcome: other };
  return readPlainReport(mail) ?? { outcome: other ?? 'unknown' };
}

function structured(mail: OpenedMail, recipient: NonNullable<ReturnType<typeof worst>>): Reading {
  const { action, diagnostic } = recipient;
  if (action === 'delivered' || action === 'relayed' || action === 'expanded') return { outcome: 'arrived' };
  const failure = { ...recipient, text: mail.text };
  const outcome = action === 'delayed' ? 'delayed' : judge(failure);
  return { outcome, status: codeOf(failure), diagnostic, format: 'rfc3464' };
}
