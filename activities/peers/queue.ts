import { createHash } from 'node:crypto';
import { v7 as uuid } from 'uuid';
import type { IllAttempt, SupplyRequest } from '../../db/entities/index.ts';
import type { Tx } from '../../db/transaction.ts';
import type { LibraryPolicy } from '../../domain/policy.ts';
import { agencyOf, peerOf } from '../../domain/policy-peers.ts';
import type { Action } from '../../iso18626/codes.ts';
import type { AgencyId, Body, Message } from '../../iso18626/message.ts';
import { peerIdOf } from '../../peers/ids.ts';
import { inEdition } from '../../peers/in-edition.ts';
import { says, withoutHeader } from '../../peers/said.ts';
import type { Roused } from '../deps.ts';

type Supplying = Omit<Body<'supplyingAgencyMessage'>, 'header'>;

/** What is asked of a supplier; header, edition and time are added. */
export type RequestBody = Omit<Body<'request'>, 'header'>;

export interface ToSupplier {
  readonly action: Action;
  readonly note?: string | undefined;
}

/** What is said to a requester; `lastChange` is the message's own time unless stated. */
export type ToRequester = Omit<Supplying, 'statusInfo'> & {
  readonly statusInfo: Omit<Supplying['statusInfo'], 'lastChange'> & { readonly lastChange?: string };
};

type Asked = Pick<IllAttempt, 'id' | 'library' | 'peer' | 'ourRef'> & Partial<Pick<IllAttempt, 'theirRef'>>;
type Supplied = Pick<SupplyRequest, 'id' | 'library' | 'number' | 'peer' | 'theirRef'>;

/** Between whom, and about what. */
interface Line {
  readonly library: string;
  readonly peer: string;
  readonly about: 'attempt' | 'supply';
  readonly aboutId: string;
  readonly requestRef: string;
}

/**
 * Queues a request to a supplier (I10), written in the edition that the supplier reads; the message is committed with what causes it, and sent by the line's process. What is answered is to be
 * roused after the commit: `deps.engine.rouse([line])`. The attempt's request is locked, and the attempt itself need not be flushed yet.
 *
 * @param at when; the header's time is this, or later where that was taken: no two messages about a request have the same, and the later is the later one's
 */
export function queueRequest(
  tx: Tx,
  policy: LibraryPolicy,
  attempt: Asked,
  body: RequestBody,
  at: Date,
): Promise<Roused> {
  return queueAsRequester(tx, policy, attempt, at, (header) => ({
    name: 'request',
    body: { header, ...body },
  }));
}

/** Queues what we do or ask as the requester: received, returned, cancel, renew, a note. Like `queueRequest`. */
export function queueToSupplier(
  tx: Tx,
  policy: LibraryPolicy,
  attempt: Asked,
  { action, note }: ToSupplier,
  at: Date,
): Promise<Roused> {
  const { theirRef } = attempt;
  return queueAsRequester(tx, policy, attempt, at, (ours) => {
    const header = { ...ours, ...(theirRef && { supplyingAgencyRequestId: theirRef }) };
    return { name: 'requestingAgencyMessage', body: { header, action, ...(note && { note }) } };
  });
}

async function queueAsRequester(
  tx: Tx,
  policy: LibraryPolicy,
  { id, library, peer, ourRef }: Asked,
  at: Date,
  message: (header: Body<'requestingAgencyMessage'>['header']) => Message,
): Promise<Roused> {
  const line = { library, peer, about: 'attempt', aboutId: id, requestRef: ourRef } as const;
  const timestamp = await nextTime(tx, line, at);
  const header = {
    ...agencies(policy, 'requester', peer),
    timestamp: timestamp.toISOString(),
    requestingAgencyRequestId: ourRef,
  };
  return queue(tx, policy, line, timestamp, at, message(header));
}

/** Queues what we say as the supplier: a status, an answer, a note. Like `queueRequest`; the outside request is locked. */
export async function queueToRequester(
  tx: Tx,
  policy: LibraryPolicy,
  supply: Supplied,
  { statusInfo, ...body }: ToRequester,
  at: Date,
): Promise<Roused> {
  const { id, library, peer, theirRef, number } = supply;
  const line = { library, peer, about: 'supply', aboutId: id, requestRef: theirRef } as const;
  const timestamp = await nextTime(tx, line, at);
  const time = timestamp.toISOString();
  const header = {
    ...agencies(policy, 'supplier', peer),
    timestamp: time,
    requestingAgencyRequestId: theirRef,
    supplyingAgencyRequestId: number,
  };
  const status = { lastChange: time, ...statusInfo };
  const said = { header, ...body, statusInfo: status };
  return queue(tx, policy, line, timestamp, at, { name: 'supplyingAgencyMessage', body: said });
}

function agencies(policy: LibraryPolicy, we: 'requester' | 'supplier', peer: string) {
  const [ours, theirs] = [agencyOf(policy), peerOf(policy, peer).agency].map(({ type, value }): AgencyId => ({
    agencyIdType: { value: type },
    agencyIdValue: value,
  })) as [AgencyId, AgencyId];
  return we === 'requester'
    ? { supplyingAgencyId: theirs, requestingAgencyId: ours }
    : { supplyingAgencyId: ours, requestingAgencyId: theirs };
}

/** Receivers tell messages about a request apart, and which is the later, by the header's time alone. */
async function nextTime(tx: Tx, { aboutId }: Line, at: Date): Promise<Date> {
  const [row] = await tx.execute<{ last: string | null }[]>(
    `select max(said_at) as last from ill_message where about_id = ? and direction = 'out'`,
    [aboutId],
  );
  const last = row?.last ? new Date(row.last).getTime() : 0;
  return new Date(Math.max(at.getTime(), last + 1));
}

const insert = `
with line as (
  insert into ill_peer (id, library, code) values (?, ?, ?) on conflict (library, code) do nothing
)
insert into ill_message (id, library, peer, direction, about, about_id, name, says, request_ref, said_at, hash, body, xml, state, stored_at)
values (?, ?, ?, 'out', ?, ?, ?, ?, ?, ?, ?, ?, ?, 'queued', ?)`;

async function queue(
  tx: Tx,
  policy: LibraryPolicy,
  { library, peer, about, aboutId, requestRef }: Line,
  saidAt: Date,
  at: Date,
  message: Message,
): Promise<Roused> {
  const { xml } = inEdition(message, peerOf(policy, peer).edition);
  const peerId = peerIdOf(library, peer);
  const hash = createHash('sha256').update(xml).digest('hex');
  const body = JSON.stringify(withoutHeader(message));
  const said = [about, aboutId, message.name, says(message), requestRef, saidAt, hash, body, xml, at];
  await tx.execute(insert, [peerId, library, peer, uuid(), library, peer, ...said]);
  return { process: 'peer', id: peerId, library };
}
