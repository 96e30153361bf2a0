import type { z } from 'zod';
import type { AttemptRow } from '../../db/queries/request-attempts.ts';
import type { RequestRow } from '../../db/queries/requests.ts';
import { groupOf } from '../../domain/ill-groups.ts';
import { pickupPlaceShown } from '../../domain/ill-places.ts';
import { actionsOf, type ActionFacts } from '../../domain/request-actions.ts';
import type { pickupPlace, requestDetail, requestLine } from '../schemas/requests.ts';
import { iso } from '../schemas/values.ts';
import type { Words } from '../words.ts';
import { moneyOf } from './desk.ts';
import { isoOrNull, possibility } from './hold.ts';
import { questionOf, supplierLines, timeline } from './request-story.ts';

const outcomeAmount = (words: Words, minor: number | null, currency: string | null) =>
  minor === null ? null : moneyOf(words, minor, currency ?? undefined);

function actionFacts(row: RequestRow, { policy }: Words, now: number): ActionFacts {
  const most = policy.ill === 'none' ? 0 : policy.ill.delivery.documents.downloads;
  const downloadable = row.downloads < most && row.documentUntil !== null && row.documentUntil > now;
  return { ...row, downloadable, shipped: row.shippedAt !== null };
}

/** Where the reader fetches a document. */
export const documentPath = (requestId: string): string => `/v1/me/requests/${requestId}/document`;

function documentOf({ work }: Pick<RequestRow, 'work'>) {
  const component = work.component ?? null;
  const author = work.componentAuthor ?? work.author ?? null;
  const parts = [author, component, work.title].filter((part) => part !== null && part !== '');
  return { title: work.title, component, author, text: parts.join(': ') };
}

/** How far it is, in words: what went straight to the reader has counted as received since it was sent (I9), but never was at the library. */
const stateText = ({ state, direct }: RequestRow, words: Words): string =>
  words.text(direct && state === 'received' ? 'request.direct' : `state.ill.${state}`);

/** What every view of a request has; a price is the reader's. */
export function requestCommon(row: RequestRow, words: Words) {
  const { id, library, number, literature, service, delivery, state, dueAt, beneficiary } = row;
  return {
    id,
    library,
    libraryName: words.policy.name[words.language],
    number,
    literature: { code: literature, name: words.text(`request.literature.${literature}`) },
    service: { code: service, name: words.text(`request.service.${service}`) },
    document: documentOf(row),
    submittedAt: iso(row.submittedAt),
    submittedOn: words.day(row.submittedAt),
    dueAt: isoOrNull(dueAt),
    dueOn: dueAt === null ? null : words.day(dueAt),
    state,
    group: groupOf(state),
    stateText: stateText(row, words),
    delivery: { code: delivery, name: words.text(`request.delivery.${delivery}`) },
    price: outcomeAmount(words, row.price, null),
    beneficiary,
  };
}

/** A line of "my requests" (I11). @param words of the request's own library @param now epoch milliseconds */
export function requestLineBody(
  row: RequestRow,
  words: Words,
  no: number,
  now: number,
): z.input<typeof requestLine> {
  return { no, ...requestCommon(row, words), ...doable(row, words, now) };
}

function doable(row: RequestRow, words: Words, now: number) {
  const actions = actionsOf(actionFacts(row, words, now));
  return { actions, download: actions.includes('download') ? documentPath(row.id) : null };
}

/** A pickup place in words (I19); null: none, or one that has left the policy. */
export function pickupBody(words: Words, code: string | null): z.input<typeof pickupPlace> | null {
  const shown = code === null ? undefined : pickupPlaceShown(words.policy, code, words.language);
  return shown ? { ...shown, week: [...shown.week] } : null;
}

/** Why it ended as it did or what it waits for, in words; a code without words is passed over. */
export function reasonText(words: Words, reason: string | null): string | null {
  if (reason === null) return null;
  try {
    return words.text(`request.reason.${reason}`);
  } catch {
    return null;
  }
}

/** A request with its story, for its reader. */
export function requestBody(
  row: RequestRow,
  attempts: readonly AttemptRow[],
  words: Words,
  now: number,
): z.input<typeof requestDetail> {
  const can = doable(row, words, now);
  const mayChange = can.actions.includes('change-place');
  return {
    ...requestCommon(row, words),
    ...can,
    work: { ...row.work },
    pickup: pickupBody(words, row.place),
    address: row.address,
    limit: outcomeAmount(words, row.limit, null),
    cost: outcomeAmount(words, row.cost, row.currency),
    reasonText: reasonText(words, row.reason),
    question: questionOf(row, attempts, words),
    shippedAt: isoOrNull(row.shippedAt),
    receivedAt: isoOrNull(row.receivedAt),
    endedAt: isoOrNull(row.endedAt),
    cancelWanted: row.cancelWanted,
    renewalWanted: row.renewalWanted,
    mayChangePlace: possibility(words, mayChange ? [] : [{ code: 'request-shipped' }]),
    overridden: [...row.overridden],
    steps: timeline(row, attempts, words),
    suppliers: supplierLines(attempts, words),
  };
}
