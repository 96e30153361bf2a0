import { setTimeout as sleep } from 'node:timers/promises';
import type { Client as Database } from 'pg';
import { supplyIdOf } from '../../peers/ids.ts';
import { requestAct, supplyAct } from '../support/ill-paths.ts';
import type { PortalClient } from './client.ts';

export const illLifeKinds = ['loan', 'copy', 'unfilled', 'cancelled'] as const;
export type IllLifeKind = (typeof illLifeKinds)[number];

export interface IllSide {
  readonly client: PortalClient;
  readonly database: Database;
  /** A librarian's token. */
  readonly desk: string;
}

const patienceMs = 300_000;

/** Looks into a database that may be away, until what is there fits. */
async function rowOnce<Row>({ database }: IllSide, text: string, id: string, what: string): Promise<Row> {
  for (const end = Date.now() + patienceMs; Date.now() < end; await sleep(500)) {
    const found = await database.query(text, [id]).catch(() => undefined);
    if (found?.rows[0]) return found.rows[0] as Row;
  }
  throw new Error(`${what}: ${id} did not come so far`);
}

/** Whole requests of somebody without a card, over HTTP on both sides. Each rejects with a sentence when a step is not answered as it should be. */
export function createIllLives(asker: IllSide, owner: IllSide) {
  const post = async ({ client, desk }: IllSide, path: string, body: object) => {
    const reply = await client.post(desk, path, body);
    if (reply.status === 200 || reply.status === 201) return reply.body;
    throw new Error(`${path}: ${reply.status} ${JSON.stringify(reply.body)}`);
  };
  const becomes = (id: string, state: string) =>
    rowOnce(asker, `select 1 from ill_request where id = $1 and state = '${state}'`, id, state);

  const ask = async (service: 'loan' | 'copy') => {
    const loan = { literature: 'book', delivery: 'pickup', place: 'main' };
    const copy = { literature: 'article', delivery: 'electronic', copyright: '2026' };
    const { id } = await post(asker, '/v1/staff/requests', {
      service,
      ...(service === 'loan' ? loan : copy),
      work: { title: `Title ${Math.random()}`, component: 'Part', year: '2020' },
      beneficiary: 'A visitor',
      override: ['duplicate', 'held-here'],
    });
    const text = 'select our_ref as ref from ill_attempt where request_id = $1';
    const { ref } = await rowOnce<{ ref: string }>(asker, text, id, 'attempt');
    const supplyId = supplyIdOf('demo', 'asker', ref);
    await rowOnce(owner, 'select 1 from supply_request where id = $1', supplyId, 'outside request');
    const does = (act: string, body: object = {}) => post(asker, requestAct(id, act), body);
    const says = (act: string, body: object = {}) => post(owner, supplyAct(supplyId, act), body);
    return { id: String(id), supplyId, does, says };
  };

  const loan = async () => {
    const { id, supplyId, does, says } = await ask('loan');
    await says('promise');
    await says('shipment', { item: 'K 17' });
    await becomes(id, 'shipped');
    await does('arrival', { desk: 'main' });
    await does('hand-out');
    await does('take-back', { desk: 'main' });
    await does('send-back');
    const back = 'select 1 from supply_request where id = $1 and sent_back_at is not null';
    await rowOnce(owner, back, supplyId, 'on its way back');
    await says('return', { desk: 'main' });
    await becomes(id, 'completed');
  };
  const copy = async () => {
    const { id, says, does } = await ask('copy');
    await says('shipment', { url: 'https://documents.example/1' });
    await becomes(id, 'shipped');
    await does('cancel');
  };
  const unfilled = async () => {
    const { id, says } = await ask('loan');
    await says('unfilled', { reason: 'NotOnShelf' });
    await becomes(id, 'unfilled');
  };
  const cancelled = async () => {
    const { id, says, does } = await ask('loan');
    await says('promise');
    await becomes(id, 'promised');
    await does('cancel');
    await becomes(id, 'cancelled');
  };
  return { loan, copy, unfilled, cancelled } satisfies Record<IllLifeKind, () => Promise<void>>;
}
