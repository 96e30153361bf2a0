import type { z } from 'zod';
import type {
  ExchangedRow,
  OutsideRequestDetail,
  OutsideRequestRow,
} from '../../db/queries/outside-requests.ts';
import type { StockTitle } from '../../domain/supply-advice.ts';
import { isOut, possibleActs } from '../../domain/supply.ts';
import { deliverLines, patronName } from '../../peers/request-form.ts';
import type { outsideRequest, outsideRequestDetail } from '../schemas/outside-requests.ts';
import { iso } from '../schemas/values.ts';
import { peerName as nameOfPeer } from '../../domain/policy-peers.ts';
import type { Words } from '../words.ts';
import { moneyOf } from './desk.ts';
import { isoOrNull } from './hold.ts';
import { type Told, timeline } from './story.ts';
import { codeText } from './supply-event-text.ts';

type Line = z.input<typeof outsideRequest>;
type Detail = z.input<typeof outsideRequestDetail>;

/** Another library by its name; one that has left the policy is named by its code. */
export function peerName({ policy, language }: Words, code: string): string {
  return nameOfPeer(policy, code, language);
}

const coded = (words: Words, group: 'reason' | 'condition', code: string | null) =>
  code === null ? null : { code, text: codeText(words, group, code) ?? code };

function adviceOf(words: Words, { advice, endedAt }: OutsideRequestRow): Line['advice'] {
  if (advice === null || endedAt !== null) return null;
  const { answer } = advice;
  if (answer === 'WillSupply') return { answer, text: words.text('supply.advice.WillSupply') };
  const reason = codeText(words, 'reason', advice.reason) ?? '';
  return { answer, text: words.say(`supply.advice.${answer}`, { reason }) };
}

function isLate({ waitsFor, answerBy, status, dueAt, sentBackAt }: OutsideRequestRow, now: number): boolean {
  if (waitsFor === 'answer') return answerBy !== null && answerBy < now;
  return isOut(status) && dueAt !== null && dueAt < now && sentBackAt === null;
}

/** @param now epoch milliseconds; decides what is late */
export function outsideRequestBody(row: OutsideRequestRow, words: Words, now: number): Line {
  const amount = (minor: number | null) =>
    minor === null ? null : moneyOf(words, minor, row.currency ?? words.policy.currency);
  return {
    id: row.id,
    number: row.number,
    requester: { code: row.peer, name: peerName(words, row.peer) },
    theirNumber: row.theirRef,
    service: row.service,
    serviceText: words.text(`request.service.${row.service}`),
    literature: row.literature,
    title: row.title,
    author: row.content.author ?? row.content.componentAuthor ?? null,
    mark: row.note,
    note: row.content.note ?? null,
    status: row.status,
    statusText: words.text(`supply.status.${row.status}`),
    reason: coded(words, 'reason', row.reason),
    waitsFor: row.waitsFor,
    waitText: row.waitsFor === null ? null : words.text(`supply.wait.${row.waitsFor}`),
    late: isLate(row, now),
    advice: adviceOf(words, row),
    forwarded: row.forwards,
    limit: amount(row.limitMinor),
    cost: amount(row.costMinor),
    receivedAt: iso(row.receivedAt),
    answerBy: isoOrNull(row.answerBy),
    neededBy: isoOrNull(row.neededBy),
    dueAt: isoOrNull(row.dueAt),
    shippedAt: isoOrNull(row.shippedAt),
    endedAt: isoOrNull(row.endedAt),
  };
}

function stockBody(words: Words, { titleId, title, waiting, copies }: StockTitle): Detail['stock'][number] {
  return {
    titleId,
    title,
    waiting,
    copies: copies.map((copy) => ({
      ...copy,
      stateText: words.text(`state.item.${copy.state}`),
      dueAt: isoOrNull(copy.dueAt),
    })),
  };
}

const exchangedBody = ({ saidAt, settledAt, ...rest }: ExchangedRow): Detail['messages'][number] => ({
  ...rest,
  at: iso(saidAt),
  settledAt: isoOrNull(settledAt),
});

interface Around {
  readonly stock: readonly StockTitle[];
  readonly messages: readonly ExchangedRow[];
  readonly told: Told;
}

function itemOf({ itemId, barcode, itemNote }: OutsideRequestRow): Detail['item'] {
  const text = barcode ?? itemNote;
  return text === null ? null : { id: itemId, text };
}

/** Everything that staff need to answer it. */
export function outsideRequestDetailBody(
  row: OutsideRequestDetail,
  { stock, messages, told }: Around,
  words: Words,
  now: number,
): Detail {
  const { status, waitsFor, forwards, dueAt } = row;
  return {
    ...outsideRequestBody(row, words, now),
    previousNumber: row.previousRef,
    work: { ...row.content },
    delivery: row.deliveryKind,
    deliverTo: deliverLines(row.delivery),
    forWhom: patronName(row.delivery),
    condition: coded(words, 'condition', row.loanCondition),
    item: itemOf(row),
    renewals: row.renewals,
    remindedAt: isoOrNull(row.remindedAt),
    arrivedAt: isoOrNull(row.arrivedAt),
    sentBackAt: isoOrNull(row.sentBackAt),
    returnedAt: isoOrNull(row.returnedAt),
    forwardedAs: row.forwardedAs,
    stock: stock.map((title) => stockBody(words, title)),
    messages: messages.map(exchangedBody),
    timeline: timeline(words, told),
    may: possibleActs({ status, waitsFor, forwards, due: dueAt !== null && dueAt < now }),
  };
}
