import type { EventRow } from '../../db/queries/story.ts';
import { blockReasons } from '../../domain/block-reasons.ts';
import { bounceOutcomes, emailFailures } from '../../domain/email.ts';
import { itemStates } from '../../domain/kinds.ts';
import { patronFields } from '../../domain/policy-accounts.ts';
import type { Reason } from '../../domain/refusal.ts';
import { peersOf } from '../../domain/policy-peers.ts';
import { toldReasons } from '../../domain/supply-reasons.ts';
import { taskKinds } from '../../domain/tasks.ts';
import { lineChanges } from '../../domain/ill-status.ts';
import { attemptOutcomes } from '../../domain/ill.ts';
import { cancelReasons } from '../../notices/codes.ts';
import { formatMoney } from '../../notices/formats.ts';
import type { TextData } from '../../notices/texts.ts';
import type { Words } from '../words.ts';
import { deliveryEvents } from './delivery-event-text.ts';
import { supplyEvents } from './supply-event-text.ts';

type Detail = EventRow['detail'];
type DataOf = (words: Words, detail: Detail) => TextData;

/** Kinds of events whose text needs no data. */
const plain = [
  'hold-lapsed',
  'hold-collected',
  'call-reached',
  'call-not-reached',
  'due-soon-reached',
  'lost',
  'item-found',
  'block-lifted',
  'closed',
  'family-linked',
  'family-unlinked',
  'sub-card-joined',
  'sub-card-left',
  'family-consent-given',
  'family-consent-ended',
  'membership-raised',
  'payment-reversed',
  'voucher-given',
  'voucher-accepted',
  'voucher-refused',
  'payment-returned',
  'entry-decided',
  'charge-disputed',
  'dispute-withdrawn',
  'dispute-rejected',
  'mail-refused',
  'email-asked',
  'email-confirmed',
  'contact-undone',
  'test-mail-asked',
  'notice-resent',
  'card-unlocked',
  'one-time-password-given',
  'password-changed',
  'password-reset',
  'account-linked',
  'account-unlinked',
  'identity-bound',
  'identity-unbound',
  'application-submitted',
  'application-repeated',
  'application-confirmed',
  'application-questioned',
  'application-answered',
  'application-sent-back',
  'application-resubmitted',
  'application-approved',
  'application-rejected',
  'application-merged',
  'application-withdrawn',
  'application-lapsed',
  'application-erased',
  'review-overdue',
  'registered',
  'patron-opened',
  'data-exported',
  'erased',
  ...deliveryEvents,
  'ill-submitted',
  'ill-asked',
  'ill-answered',
  'ill-cancel-wanted',
  'ill-cancel-refused',
  'ill-cancelled',
  'ill-unfilled',
  'ill-rejected',
  'ill-approved',
  'ill-suppliers-chosen',
  'ill-edited',
  'ill-recorded',
  'ill-late-settled',
  'ill-message-lost',
  'ill-message-resent',
  'ill-late',
] as const;

const nothing: DataOf = () => ({});
const asText = (value: unknown): string => (typeof value === 'string' ? value : '');
const placeOf = (words: Words, code: unknown): string => words.place(asText(code)).name;
const oneOf = (known: readonly string[], value: unknown, otherwise: string): string =>
  known.find((each) => each === value) ?? otherwise;

/** Why a card is blocked; a reason this version does not know reads as the general one. */
export function blockReasonText(words: Words, reason: string): string {
  return words.text(`blockReason.${oneOf(blockReasons, reason, 'manual')}`);
}

function afterOf(words: Words, { after }: Detail): TextData {
  const { pickupPlace, contact } = (after ?? {}) as { pickupPlace?: string; contact?: string };
  return { place: placeOf(words, pickupPlace), contact: words.text(`contact.${contact ?? 'none'}`) };
}

function reasonsOf(words: Words, { reasons }: Detail): TextData {
  const given = Array.isArray(reasons) ? (reasons as Reason[]) : [];
  return {
    reasons: words
      .reasons(given)
      .map(({ detail }) => detail)
      .join(' '),
  };
}

const moneyOf: DataOf = ({ language }, { amountMinor, currency }) => ({
  amount: formatMoney(language, { amountMinor: Number(amountMinor), currency: asText(currency) }),
});

/** Another library by its name, or as one that is not known any more. */
const supplierOf: DataOf = (words, { peer }) => ({
  supplier:
    peersOf(words.policy).find(({ code }) => code === peer)?.name[words.language] ??
    words.text('request.supplier'),
});

function supplierWhy(words: Words, { reason, outcome }: Detail): string {
  const known = toldReasons.find((each) => each === reason);
  return words.text(
    known ? `supplierReason.${known}` : `request.outcome.${oneOf(attemptOutcomes, outcome, 'unfilled')}`,
  );
}

/** The fields of a reader's data that were changed, by name. */
const fieldNames: DataOf = (words, { fields }) => ({
  fields: (Array.isArray(fields) ? patronFields.filter((field) => fields.includes(field)) : [])
    .map((field) => words.text(`patronField.${field}`))
    .join(', '),
});

const withData: Readonly<Record<string, DataOf>> = {
  'email-failing': (words, { reason }) => ({
    reason: words.text(`emailFailure.${oneOf(emailFailures, reason, 'bounced')}`),
  }),
  'mail-bounced': (words, { outcome }) => ({
    outcome: words.text(`bounce.${oneOf(bounceOutcomes, outcome, 'soft')}`),
  }),
  'task-settled': (words, { task }) => ({
    task: words.text(`task.${oneOf(taskKinds, task, 'email-failing')}`),
  }),
  'hold-placed': (words, { channel }) => ({
    channel: words.text(`channel.${channel === 'web' ? 'web' : 'desk'}`),
  }),
  'hold-changed': afterOf,
  'hold-cancelled': (words, { reason }) => ({
    reason: words.text(`cancelReason.${oneOf(cancelReasons, reason, 'by-staff')}`),
  }),
  'hold-in-transit': (words, { from, to }) => ({ from: placeOf(words, from), to: placeOf(words, to) }),
  'hold-secured': (words, { contact }) => ({ contact: words.text(`contact.${asText(contact)}`) }),
  'hold-passed-over': reasonsOf,
  'hold-back-to-queue': (words, { state }) => ({
    state: words.text(`state.item.${oneOf(itemStates, state, 'missing')}`),
  }),
  'contacted-by-mail': (_words, { keepUntil }) => ({ until: keepUntil }),
  'line-changed': (words, { change }) => ({
    change: words.text(`line.change.${oneOf(lineChanges, change, 'try')}`),
  }),
  'checked-out': (_words, { dueAt }) => ({ due: dueAt }),
  returned: (words, { branch }) => ({ place: placeOf(words, branch) }),
  'overdue-charged': moneyOf,
  'membership-extended': (_words, { until }) => ({ until }),
  'membership-taken-back': (_words, { until }) => ({ until }),
  'payment-taken': moneyOf,
  'credit-paid-out': moneyOf,
  'deposit-taken': moneyOf,
  'deposit-returned': moneyOf,
  'charge-raised': moneyOf,
  'charge-waived': moneyOf,
  'waiver-reversed': moneyOf,
  'charge-refunded': moneyOf,
  'charge-taken-back': moneyOf,
  'dispute-upheld': moneyOf,
  'payment-begun': moneyOf,
  'payment-expired': moneyOf,
  'payment-cancelled': moneyOf,
  'payment-refused': moneyOf,
  'payment-surplus': moneyOf,
  'payment-surplus-kept': moneyOf,
  'payment-sent-back': moneyOf,
  'credit-sent-back': moneyOf,
  'ill-cost-differs': (words, detail) => ({
    ...moneyOf(words, detail),
    offered: moneyOf(words, { ...detail, amountMinor: detail.offeredMinor }).amount ?? '',
  }),
  'ill-above-limit': (words, detail) => ({
    ...moneyOf(words, detail),
    limit: moneyOf(words, { ...detail, amountMinor: detail.limitMinor }).amount ?? '',
  }),
  'ill-lost-billed': (words, detail) => {
    const charged = { amountMinor: detail.chargedMinor, currency: words.policy.currency };
    return { ...moneyOf(words, detail), charged: moneyOf(words, charged).amount ?? '' };
  },
  'ill-charge-dropped': moneyOf,
  'ill-price-stated': moneyOf,
  'settlement-drawn': moneyOf,
  'settlement-sent': moneyOf,
  'settlement-disputed': moneyOf,
  'settlement-line-decided': moneyOf,
  'settlement-confirmed': moneyOf,
  'settlement-settled': moneyOf,
  'settlement-reopened': moneyOf,
  'settlement-withdrawn': nothing,
  'ill-sent': supplierOf,
  'ill-promised': supplierOf,
  'ill-shipped': supplierOf,
  'ill-too-late': supplierOf,
  'ill-supplier-no': (words, detail) => ({
    ...supplierOf(words, detail),
    why: supplierWhy(words, detail),
  }),
  renewed: (_words, { after }) => ({ due: after }),
  recalled: (_words, { after }) => ({ due: after }),
  'overdue-reached': (_words, { step }) => ({ step }),
  'item-marked': (words, { after }) => ({
    state: words.text(`state.item.${oneOf(itemStates, after, 'missing')}`),
  }),
  'service-granted': (_words, { permissions }) => ({
    permissions: Array.isArray(permissions) ? permissions.join(', ') : '',
  }),
  blocked: (words, { reason }) => ({ reason: blockReasonText(words, asText(reason)) }),
  'patron-changed': fieldNames,
  'closure-added': (_words, { day, holds, loans }) => ({ day, holds, loans }),
  'closure-removed': (_words, { day }) => ({ day }),
  ...supplyEvents,
  ...Object.fromEntries(plain.map((kind) => [kind, nothing])),
};

/** Every kind of event that has a text; a test compares them with what activities write. */
export const toldEvents: readonly string[] = Object.keys(withData);

/** What happened, in words. A kind this version does not know, or a record that lacks what its text needs, is named by its code: a story is told to its end. */
export function eventText(words: Words, { kind, detail }: Pick<EventRow, 'kind' | 'detail'>): string {
  const dataOf = withData[kind];
  if (!dataOf) return words.say('event.other', { kind });
  try {
    return words.say(`event.${kind}`, dataOf(words, detail));
  } catch {
    return words.say('event.other', { kind });
  }
}
