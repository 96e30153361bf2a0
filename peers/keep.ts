import { createHash } from 'node:crypto';
import { v7 as uuid } from 'uuid';
import type { Roused } from '../activities/deps.ts';
import type { Tx } from '../db/transaction.ts';
import type { PeerPolicy } from '../domain/policy-peers.ts';
import type { Reading } from '../iso18626/read.ts';
import type { Checked } from './check.ts';
import { isSpoken } from './confirm.ts';
import { peerIdOf } from './ids.ts';
import type { Judged } from './judge.ts';
import { says, withoutHeader } from './said.ts';

/** A message to keep, from a peer that has proved itself. */
export interface Kept extends Checked {
  readonly library: string;
  readonly peer: PeerPolicy;
  readonly reading: Reading;
  readonly xml: string;
  readonly now: number;
  readonly hash: string;
}

/** SHA-256 of what was understood: two writings of the same are the same. */
export function hashOf({ reading: { message }, xml }: Pick<Kept, 'reading' | 'xml'>): string {
  const said = message ? JSON.stringify([message.name, withoutHeader(message)]) : xml;
  return createHash('sha256').update(said).digest('hex');
}

/** Of two messages about the same request that come at the same time, the second waits for the first's commit: the lock ends with the transaction. */
export async function lockRef(tx: Tx, { library, peer, requestRef }: Kept): Promise<void> {
  await tx.execute('select pg_advisory_xact_lock(hashtextextended(?, 0))', [
    `iso18626/${library}/${peer.code}/${requestRef}`,
  ]);
}

const nameOf = ({ name }: Reading) => (isSpoken(name) ? name : 'request');

interface Before {
  readonly confirmation: string | null;
  readonly about_id: string | null;
  readonly request_id: string | null;
  readonly state: string;
}

/** What the same message was answered when it came before. It may come again because its process was never told of it. */
export async function confirmedBefore(
  tx: Tx,
  { library, peer, requestRef, saidAt, hash, reading }: Kept,
): Promise<{ xml: string; rouse: Roused[] } | undefined> {
  const [row] = await tx.execute<Before[]>(
    `select confirmation, about_id, state, request_id from ill_message message left join ill_attempt on ill_attempt.id = about_id
     where message.library = ? and message.peer = ? and name = ? and request_ref = ? and said_at = ? and hash = ? and direction = 'in'`,
    [library, peer.code, nameOf(reading), requestRef, saidAt, hash],
  );
  if (!row?.confirmation) return undefined;
  const { about_id: supplyId, request_id: requestId } = row;
  const process = requestId === null ? 'supply' : 'ill';
  const id = requestId ?? supplyId;
  const rouse = row.state === 'stored' && id !== null ? [{ process, id, library } as const] : [];
  return { xml: row.confirmation, rouse };
}

const insert = `
insert into ill_message (id, library, peer, direction, about, about_id, name, says, request_ref, said_at, hash, body, xml, state, confirmation, error,
  stored_at, settled_at)
values (?, ?, ?, 'in', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`;

/** Stores a message with what it is answered. */
export async function store(tx: Tx, kept: Kept, judged: Judged, confirmation: string): Promise<void> {
  const { reading, now } = kept;
  const { state, errors } = judged;
  const at = new Date(now);
  const mistakes = errors.length > 0 ? errors : reading.mistakes;
  const error = mistakes.map(({ errorType, errorValue }) => `${errorType}: ${errorValue ?? ''}`).join('\n');
  const row = {
    id: uuid(),
    library: kept.library,
    peer: kept.peer.code,
    about: judged.about,
    aboutId: judged.aboutId,
    name: nameOf(reading),
    says: reading.message ? says(reading.message) : 'unreadable',
    requestRef: kept.requestRef,
    saidAt: kept.saidAt,
    hash: kept.hash,
    body: JSON.stringify(reading.message ? withoutHeader(reading.message) : {}),
    xml: withoutSecret(kept.xml),
    state,
    confirmation,
    error: error || null,
    storedAt: at,
    settledAt: state === 'stored' ? null : at,
  };
  await tx.execute(insert, Object.values(row));
}

/** Keeps what a supplier calls our request, as it first said so: what goes to it afterwards names it. Nobody else writes it. */
export async function noteTheirRef(tx: Tx, { reading: { message } }: Kept, judged: Judged): Promise<void> {
  if (message?.name !== 'supplyingAgencyMessage' || judged.state === 'refused') return;
  const { supplyingAgencyRequestId: theirs } = message.body.header;
  if (!theirs || judged.aboutId === null) return;
  await tx.execute('update ill_attempt set their_ref = ? where id = ? and their_ref is null', [
    theirs,
    judged.aboutId,
  ]);
}

/** What is kept is shown to staff. */
function withoutSecret(xml: string): string {
  return xml.replaceAll(
    /(<(?:[\w.-]+:)?securityCode\b[^>]*>)[\s\S]*?(<\/(?:[\w.-]+:)?securityCode\s*>)/gu,
    '$1$2',
  );
}

/** Notes, once a minute, that the other side is there; a line that waits to try again does so now. */
export async function hear(tx: Tx, { library, peer, now }: Kept): Promise<Roused[]> {
  const [row] = await tx.execute<{ id: string; failing: boolean }[]>(
    `insert into ill_peer as line (id, library, code, heard_at) values (?, ?, ?, ?)
     on conflict (library, code) do update set heard_at = excluded.heard_at,
       next_try_at = case when line.failing_since is null then line.next_try_at else least(line.next_try_at, excluded.heard_at) end
     where line.heard_at is null or line.heard_at < excluded.heard_at - interval '1 minute'
     returning id, failing_since is not null and paused_at is null as failing`,
    [peerIdOf(library, peer.code), library, peer.code, new Date(now)],
  );
  return row?.failing ? [{ process: 'peer', id: row.id, library }] : [];
}
