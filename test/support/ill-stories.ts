import { v7 as uuid } from 'uuid';
import { keepForm } from '../../api/request-intake.ts';
import { Hold, IllAttempt, IllRequest, SupplyRequest } from '../../db/entities/index.ts';
import { inTransaction } from '../../db/transaction.ts';
import type { IllState } from '../../domain/ill.ts';
import { peerIdOf, supplyIdOf } from '../../peers/ids.ts';
import type { RequestWish } from '../../workflows/ill.ts';
import type { SupplyWish } from '../../workflows/supply.ts';
import { type Backend, until } from './carrel.ts';

const staff = 'staff:00000000-0000-7000-8000-000000000001' as const;
const supplier = 'neighbour';

type Bare<W> = W extends unknown ? Omit<W, 'actor'> : never;

/** Requests and what the library next door does with them, without a network: both libraries are this installation's. Each story answers the process it has brought to its end. */
export function createIllStories({ orm, client, commands, build }: Backend) {
  const { library } = build;
  const rows = () => orm.em.fork();
  const ended = async (workflowId: string) => {
    await client.workflow.getHandle(workflowId).result();
    return workflowId;
  };
  const becomes = (id: string, ...states: IllState[]) =>
    until(
      () => rows().findOneOrFail(IllRequest, { id }),
      ({ state }) => states.includes(state),
    );
  const act = async (id: string, wish: Bare<RequestWish>) => {
    const done = await commands.actOnRequest(id, { actor: staff, ...wish }, uuid());
    if (done.outcome !== 'done') throw new Error(`${wish.act}: ${JSON.stringify(done)}`);
  };
  const answer = async (supplyId: string, wish: Bare<SupplyWish>) => {
    const done = await commands.actOnSupply(supplyId, { actor: staff, ...wish }, uuid());
    if (done.outcome !== 'done') throw new Error(`${wish.act}: ${JSON.stringify(done)}`);
  };

  const submit = async (service: 'loan' | 'copy') => {
    const reader = await build.patron({ permissions: ['ill'] });
    const actor = `patron:${reader.id}` as const;
    const id = uuid();
    const whole = { literature: 'book', delivery: 'pickup', place: 'main' } as const;
    const part = { literature: 'article', delivery: 'electronic', place: null } as const;
    const request = {
      service,
      ...(service === 'loan' ? whole : part),
      work: { title: `Title ${id}` },
      address: null,
      beneficiary: null,
      beneficiaryEmail: null,
      limitMinor: 10_000,
      copyright: service === 'copy' ? '2026' : null,
    };
    const given = { id, requestId: id, version: 1, library, patronId: reader.id, overridden: [], actor };
    await inTransaction(orm, (tx) => keepForm(tx, { ...given, request, now: Date.now() }));
    await commands.beginRequest({ requestId: id, library, patronId: reader.id, actor });
    return { id, reader };
  };

  /** A request that the other library has. */
  const asked = async (service: 'loan' | 'copy') => {
    const { id, reader } = await submit(service);
    await act(id, { act: 'review', decision: 'approve' });
    const attempt = await until(
      () => rows().findOne(IllAttempt, { requestId: id }),
      (found) => found !== null,
    );
    const supplyId = supplyIdOf(supplier, library, attempt?.ourRef ?? '');
    await until(
      () => rows().findOne(SupplyRequest, { id: supplyId }),
      (found) => found !== null,
    );
    return { id, reader, supplyId };
  };

  const loan = async () => {
    const { id, reader, supplyId } = await asked('loan');
    await answer(supplyId, { act: 'promise' });
    await becomes(id, 'promised');
    await answer(supplyId, { act: 'ship', itemNote: 'K 17' });
    await becomes(id, 'shipped');
    await act(id, { act: 'receive', branch: 'main' });
    const { itemId } = await becomes(id, 'received');
    await until(
      () => rows().findOne(Hold, { itemId, endedAt: null }),
      (hold) => hold?.state === 'secured',
    );
    const loanId = uuid();
    const lent = { library, loanId, patronId: reader.id, itemId: String(itemId), branch: 'main' };
    await commands.checkOut({ ...lent, actor: staff });
    await becomes(id, 'lent');
    await commands.checkIn(loanId, { itemId: String(itemId), branch: 'main', actor: staff }, uuid());
    await becomes(id, 'returning');
    await act(id, { act: 'send-back' });
    await until(
      () => rows().findOne(SupplyRequest, { id: supplyId }),
      (row) => row?.sentBackAt != null,
    );
    await answer(supplyId, { act: 'receive-back', branch: 'main' });
    await ended(`ill:${id}`);
    return { id, supplyId };
  };

  const cancelled = async () => {
    const { id, supplyId } = await asked('loan');
    await answer(supplyId, { act: 'promise' });
    await becomes(id, 'promised');
    await act(id, { act: 'cancel' });
    await ended(`ill:${id}`);
    return { id, supplyId };
  };

  const unfilled = async () => {
    const { id, supplyId } = await asked('copy');
    await answer(supplyId, { act: 'unfilled', reason: 'NotHeld' });
    await ended(`ill:${id}`);
    return { id, supplyId };
  };

  return {
    'ill.loan': async () => ended(`ill:${(await loan()).id}`),
    'ill.unfilled': async () => ended(`ill:${(await unfilled()).id}`),
    'ill.cancelled': async () => ended(`ill:${(await cancelled()).id}`),
    'ill.cancelled-before-review': async () => {
      const { id } = await submit('loan');
      await act(id, { act: 'cancel' });
      return ended(`ill:${id}`);
    },
    'supply.loan': async () => ended(`supply:${(await loan()).supplyId}`),
    'supply.unfilled': async () => ended(`supply:${(await unfilled()).supplyId}`),
    'peer.sent': async () => {
      await unfilled();
      return ended(`peer:${peerIdOf(library, supplier)}`);
    },
  };
}
