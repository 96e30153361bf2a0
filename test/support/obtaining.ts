import { createHash } from 'node:crypto';
import type { MikroORM } from '@mikro-orm/postgresql';
import { v7 as uuid } from 'uuid';
import type { ActOnRequest, RequestOutcome } from '../../activities/ill/steps.ts';
import { insertRequest } from '../../activities/ill/begin.ts';
import { contentOf } from '../../activities/notices/notice-content.ts';
import { recipientOf } from '../../activities/notices/recipient.ts';
import { IllAttempt, IllFormRow, IllMessage, IllRequest, Notice } from '../../db/entities/index.ts';
import type { NoticeKind } from '../../domain/kinds.ts';
import { renderNotice } from '../../notices/render.ts';
import { inTransaction, reader } from '../../db/transaction.ts';
import type { IllForm } from '../../domain/ill.ts';
import type { ReasonForMessage, Status } from '../../domain/ill-status.ts';
import { illPolicy } from '../../domain/policy-ill.ts';
import type { LibraryPolicy } from '../../domain/policy.ts';
import type { ActivityBench } from './activities.ts';
import type { IllGiven } from './ill-policy.ts';

const named = (name: string) => ({ en: name, de: name, ja: name, zh: name });

/** A library with peers that have all there is; `given` stands over it. */
export const withPeers =
  (codes: readonly string[], given: IllGiven = {}) =>
  (policy: LibraryPolicy): LibraryPolicy => ({
    ...policy,
    ill: illPolicy.parse({
      mode: 'distributed',
      peers: codes.map((code) => ({
        code,
        name: named(code.toUpperCase()),
        agency: { value: `XX-${code}` },
        url: `http://${code}.invalid/iso18626/demo`,
      })),
      ...given,
    }),
  });

export interface Submitted {
  readonly patronId?: string | null;
  readonly service?: 'copy' | 'loan';
  readonly content?: Partial<IllForm>;
  readonly limit?: number | null;
  readonly actor?: 'system' | `patron:${string}` | `staff:${string}`;
}

export interface SaidBySupplier {
  readonly status: Status;
  readonly reason?: ReasonForMessage;
  readonly answer?: 'Y' | 'N';
  readonly messageInfo?: object;
  readonly statusInfo?: object;
  readonly retryInfo?: object;
  readonly deliveryInfo?: object;
  /** Header's time, in milliseconds after the request's beginning. */
  readonly after?: number;
}

/** Forms as the API keeps them. */
export function createForms(orm: MikroORM, library = 'demo') {
  const form = (id: string, requestId: string, version: number, given: Submitted, at: number) =>
    inTransaction(orm, async (tx) => {
      const { patronId = null, service = 'loan', content = {}, limit = null, actor = 'system' } = given;
      tx.create(IllFormRow, {
        id,
        requestId,
        version,
        library,
        patronId,
        service,
        literature: service === 'loan' ? 'book' : 'article',
        content: { title: 'Momo', author: 'Michael Ende', ...content },
        delivery: service === 'loan' ? 'pickup' : 'electronic',
        place: service === 'loan' ? 'main' : null,
        address: null,
        beneficiary: null,
        beneficiaryEmail: null,
        limit: limit === null ? null : BigInt(limit),
        copyright: null,
        overridden: [],
        actor,
        submittedAt: new Date(at),
      });
    });
  return { form };
}

/** Requests and their suppliers without an engine: steps are called at times of the test's choosing. */
export function createObtaining({ orm, deps, build, rows, perform, policy }: ActivityBench, start: number) {
  let clock = start;
  const { form: keep } = createForms(orm, policy.code);
  const form = (id: string, requestId: string, version: number, given: Submitted) =>
    keep(id, requestId, version, given, start);
  const request = (id: string) => orm.em.fork().findOneOrFail(IllRequest, { id });
  const attempts = (requestId: string) =>
    orm.em.fork().find(IllAttempt, { requestId }, { orderBy: { position: 'asc' } });
  const look = (requestId: string, at = clock) =>
    perform((activities) => activities.lookAtRequest({ requestId, now: at }));
  const say = async (attemptId: string, said: SaidBySupplier): Promise<string> => {
    const attempt = await orm.em.fork().findOneOrFail(IllAttempt, { id: attemptId });
    const { status, reason = 'StatusChange', answer, after = (clock += 1000) - start } = said;
    const saidAt = new Date(start + after);
    const body = {
      messageInfo: { reasonForMessage: reason, ...(answer && { answerYesNo: answer }), ...said.messageInfo },
      statusInfo: { status, lastChange: saidAt.toISOString(), ...said.statusInfo },
      ...(said.retryInfo && { retryInfo: said.retryInfo }),
      ...(said.deliveryInfo && {
        deliveryInfo: { dateSent: saidAt.toISOString(), ...said.deliveryInfo },
      }),
    };
    const id = uuid();
    await inTransaction(orm, async (tx) => {
      tx.create(IllMessage, {
        id,
        library: attempt.library,
        peer: attempt.peer,
        direction: 'in',
        about: 'attempt',
        aboutId: attempt.id,
        name: 'supplyingAgencyMessage',
        says: `${reason}/${status}`,
        requestRef: attempt.ourRef,
        saidAt,
        hash: createHash('sha256').update(id).digest('hex'),
        body,
        state: 'stored',
        attempts: 0,
        storedAt: new Date(clock),
      });
    });
    return id;
  };
  const begin = async (given: Submitted = {}): Promise<string> => {
    const id = uuid();
    await form(id, id, 1, given);
    const { patronId = null, actor = 'system' } = given;
    const begun = await perform((activities) =>
      activities.beginRequest({
        requestId: id,
        library: policy.code,
        patronId: patronId ?? '',
        actor,
        now: clock,
      }),
    );
    if (!('standing' in begun)) throw new Error(JSON.stringify(begun));
    return id;
  };
  type Wish<A> = A extends unknown ? Omit<A, 'requestId' | 'operation' | 'now'> : never;
  return {
    form,
    begin,
    reader: () => build.patron({ permissions: ['ill'] }),
    request,
    attempts,
    latest: async (requestId: string) => {
      const last = (await attempts(requestId)).at(-1);
      if (!last) throw new Error('Nobody has been asked.');
      return last;
    },
    look,
    say,
    /** The supplier that has it says something, and it is heeded. */
    hear: async (requestId: string, said: SaidBySupplier) => {
      const { attemptId } = await request(requestId);
      await say(String(attemptId), said);
      return look(requestId);
    },
    act: (requestId: string, wish: Wish<ActOnRequest>, operation = uuid()): Promise<RequestOutcome> =>
      perform((activities) => activities.actOnRequest({ ...wish, requestId, operation, now: clock })),
    /** What was queued for a supplier about an attempt, in order. */
    queued: async (attemptId: string) => {
      const messages = await rows<{ says: string; body: Record<string, unknown> }>(
        `select says, body from ill_message where about_id = ? and direction = 'out' order by seq`,
        [attemptId],
      );
      return messages;
    },
    notices: async (requestId: string) =>
      (
        await rows<{ kind: string }>('select kind from notice where subject_id = ? order by created_at, id', [
          requestId,
        ])
      ).map(({ kind }) => kind),
    /** Notices about it that go to an address, not to its reader. */
    mails: (requestId: string) =>
      orm.em.fork().find(Notice, { subjectId: requestId, patronId: null }, { orderBy: { createdAt: 'asc' } }),
    /** Another library's request, which this one forwards. */
    outside: async (): Promise<string> => {
      const id = uuid();
      await orm.em.fork().execute(
        `insert into supply_request (id, library, number, peer, their_ref, service, literature, title, content, delivery, status, received_at)
         values (?, ?, ?, 'member', ?, 'loan', 'book', 'Momo', '{"title":"Momo"}', '{}', 'RequestReceived', ?)`,
        [id, policy.code, id, id, new Date(clock)],
      );
      return id;
    },
    forward: async (onBehalfOf: string): Promise<string> => {
      const id = uuid();
      await form(id, id, 1, {});
      await inTransaction(orm, async (tx) => {
        const kept = await tx.findOneOrFail(IllFormRow, { id });
        await insertRequest(deps, tx, kept, { at: new Date(clock), actor: 'system', onBehalfOf });
      });
      return id;
    },
    /** What such a notice says, as of now. */
    texts: async (requestId: string, kind: NoticeKind) => {
      const found = await orm.em.fork().find(Notice, { subjectId: requestId, kind });
      return Promise.all(
        found.map(async (notice) => {
          const tx = reader(orm);
          const recipient = await recipientOf(tx, notice);
          const content = await contentOf(deps, tx, { notice, recipient, policy, at: new Date(clock) });
          const { text } = renderNotice(deps.texts, {
            ...content,
            language: 'en',
            library: policy,
            patronName: recipient.name,
          });
          return text;
        }),
      );
    },
    tasks: async (requestId: string) =>
      (
        await rows<{ kind: string }>(
          'select kind from task where subject_id = ? and resolved_at is null order by kind',
          [requestId],
        )
      ).map(({ kind }) => kind),
    pass: (ms: number) => {
      clock += ms;
    },
    now: () => clock,
  };
}

export type Obtaining = ReturnType<typeof createObtaining>;
