import type { z } from 'zod';
import type { LibraryRequest, RequestMessage, StateCount } from '../../db/queries/librarys-requests.ts';
import type { AttemptRow } from '../../db/queries/request-attempts.ts';
import type { ServiceFigures, SupplierFigures } from '../../db/queries/request-statistics.ts';
import type { libraryRequest, libraryRequestDetail, requestStatistics } from '../schemas/staff-requests.ts';
import { iso } from '../schemas/values.ts';
import type { Words } from '../words.ts';
import { moneyOf, readerOf } from './desk.ts';
import { isoOrNull } from './hold.ts';
import { attemptText, staffTimeline, supplierReason } from './request-story.ts';
import { pickupBody, reasonText, requestCommon } from './requests.ts';

type Detail = z.input<typeof libraryRequestDetail>;

/** A supplier by its name; one that has left the policy, by its code. */
export function supplierNamed(words: Words, code: string, otherwise: string | null = null) {
  const { ill } = words.policy;
  const peer = ill === 'none' ? undefined : ill.peers.find((each) => each.code === code);
  return { code, name: otherwise ?? peer?.name[words.language] ?? code };
}

const amount = (words: Words, minor: number | null, currency: string | null) =>
  minor === null ? null : moneyOf(words, minor, currency ?? undefined);

/** A request as its library's librarians list it. */
export function libraryRequestBody(row: LibraryRequest, words: Words): z.input<typeof libraryRequest> {
  const { library: _library, libraryName: _name, ...common } = requestCommon(row, words);
  const { patronId, card, name } = row;
  return {
    ...common,
    mode: row.mode,
    reader: patronId === null || card === null || name === null ? null : readerOf({ patronId, card, name }),
    forLibrary: row.onBehalfOf !== null,
    supplier: row.peer === null ? null : supplierNamed(words, row.peer),
    late: row.late,
    lateOn: row.lateAt === null ? null : words.day(row.lateAt),
  };
}

function attemptBody(words: Words, row: AttemptRow): Detail['attempts'][number] {
  const { id, position, ourRef, theirRef, status, outcome, reason, currency } = row;
  return {
    id,
    position,
    supplier: supplierNamed(words, row.peer, row.supplier),
    ourRef,
    theirRef,
    status,
    outcome,
    outcomeText: attemptText(words, row),
    reason,
    reasonText: supplierReason(words, row),
    expected: amount(words, row.expected, currency),
    cost: amount(words, row.cost, currency),
    sentAt: iso(row.sentAt),
    answerBy: isoOrNull(row.answerBy),
    dueAt: isoOrNull(row.dueAt),
    endedAt: isoOrNull(row.endedAt),
  };
}

function messageBody(words: Words, { peer, saidAt, storedAt, ...row }: RequestMessage) {
  return {
    ...row,
    supplier: supplierNamed(words, peer),
    saidAt: iso(saidAt),
    storedAt: iso(storedAt),
  };
}

/** A request with everything behind it, for librarians. */
export function libraryRequestDetailBody(
  row: LibraryRequest,
  {
    attempts,
    messages,
  }: { readonly attempts: readonly AttemptRow[]; readonly messages: readonly RequestMessage[] },
  words: Words,
): Detail {
  return {
    ...libraryRequestBody(row, words),
    work: { ...row.work },
    pickup: pickupBody(words, row.place),
    address: row.address,
    beneficiaryEmail: row.beneficiaryEmail,
    limit: amount(words, row.limit, null),
    cost: amount(words, row.cost, row.currency),
    copyright: row.copyright,
    overridden: [...row.overridden],
    reason: row.reason,
    reasonText: reasonText(words, row.reason),
    asks: row.asks,
    shippedAt: isoOrNull(row.shippedAt),
    receivedAt: isoOrNull(row.receivedAt),
    endedAt: isoOrNull(row.endedAt),
    cancelWanted: row.cancelWanted,
    renewalWanted: row.renewalWanted,
    steps: staffTimeline(row, attempts, words),
    attempts: attempts.map((each) => attemptBody(words, each)),
    messages: messages.map((each) => messageBody(words, each)),
  };
}

export function countBody(words: Words, { state, count, late }: StateCount) {
  return { state, stateText: words.text(`state.ill.${state}`), count, late };
}

const share = (part: number, whole: number): number | null =>
  whole === 0 ? null : Math.round((1000 * part) / whole) / 10;

const rounded = (hours: number | null): number | null =>
  hours === null ? null : Math.round(hours * 10) / 10;

/** What became of what was asked for in a period. */
export function statisticsBody(
  words: Words,
  services: readonly ServiceFigures[],
  suppliers: readonly SupplierFigures[],
): z.input<typeof requestStatistics> {
  return {
    services: services.map(({ hoursMedian, hoursNinety, ...row }) => ({
      ...row,
      serviceName: words.text(`request.service.${row.service}`),
      fillRate: share(row.filled, row.filled + row.unfilled + row.lost),
      hoursMedian: rounded(hoursMedian),
      hoursNinety: rounded(hoursNinety),
    })),
    suppliers: suppliers.map(({ peer, hoursMedian, cost, ...row }) => ({
      ...row,
      supplier: supplierNamed(words, peer),
      fillRate: share(row.filled, row.asked - row.open),
      hoursMedian: rounded(hoursMedian),
      cost: moneyOf(words, cost),
    })),
  };
}
