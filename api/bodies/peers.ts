import type { z } from 'zod';
import type { LineRow, MessageRow, WholeMessageRow } from '../../db/queries/peers.ts';
import { mayBeResent } from '../../domain/ill-messages.ts';
import { type PeerPolicy, peersOf } from '../../domain/policy-peers.ts';
import type { illMessage, lineStates, peerLine, wholeIllMessage } from '../schemas/peers.ts';
import type { Words } from '../words.ts';

const iso = (at: number | null) => (at === null ? null : new Date(at).toISOString());

function stateOf(row: LineRow | undefined): (typeof lineStates)[number] {
  if (!row) return 'unused';
  if (row.pausedAt !== null) return 'paused';
  return row.failingSince === null ? 'working' : 'failing';
}

const unused = {
  failures: 0,
  lastError: null,
  queued: 0,
  queuedSince: null,
  failingSince: null,
  nextTryAt: null,
  sentAt: null,
  heardAt: null,
  pausedAt: null,
};

/** A peer of the policy, or one that has left it, with its line as far as it was ever used. */
export function peerLineBody(
  code: string,
  peer: PeerPolicy | undefined,
  row: LineRow | undefined,
  words: Words,
): z.input<typeof peerLine> {
  const { failures, lastError, queued, ...times } = row ?? unused;
  const state = stateOf(row);
  return {
    code,
    name: peer?.name[words.language] ?? code,
    agency: peer?.agency ?? { type: '', value: '' },
    edition: peer?.edition ?? '',
    address: peer?.url ?? null,
    inPolicy: peer !== undefined,
    state,
    stateText: words.text(`line.${state}`),
    queued,
    queuedSince: iso(times.queuedSince),
    failingSince: iso(times.failingSince),
    failures,
    lastError,
    nextTryAt: iso(times.nextTryAt),
    sentAt: iso(times.sentAt),
    heardAt: iso(times.heardAt),
    pausedAt: iso(times.pausedAt),
  };
}

/** Every peer of the policy, then those that have left it and still have a line. */
export function peerLineBodies(lines: ReadonlyMap<string, LineRow>, words: Words) {
  const peers = peersOf(words.policy);
  const gone = [...lines.keys()].filter((code) => !peers.some((peer) => peer.code === code));
  return [
    ...peers.map((peer) => peerLineBody(peer.code, peer, lines.get(peer.code), words)),
    ...gone.map((code) => peerLineBody(code, undefined, lines.get(code), words)),
  ];
}

export function illMessageBody(row: MessageRow, words: Words): z.input<typeof illMessage> {
  const { peer, direction, says, requestRef, state, error, attempts } = row;
  const name = peersOf(words.policy).find(({ code }) => code === peer)?.name[words.language] ?? peer;
  return {
    id: row.id,
    peer: { code: peer, name },
    direction,
    says,
    text: words.text(`message.${direction}.${state}`),
    requestRef,
    state,
    error,
    attempts,
    saidAt: new Date(row.saidAt).toISOString(),
    storedAt: new Date(row.storedAt).toISOString(),
    settledAt: iso(row.settledAt),
    mayRetry: mayBeResent(row),
    requestId: row.requestId,
    outsideRequestId: row.supplyId,
  };
}

export function wholeIllMessageBody(row: WholeMessageRow, words: Words): z.input<typeof wholeIllMessage> {
  const { xml, confirmation } = row;
  return { ...illMessageBody(row, words), xml, confirmation };
}
