import { IllAttempt, IllMessage, type IllRequest, type SupplyRequest } from '../../db/entities/index.ts';
import { lockRequest, lockSupply, present } from '../../db/locks.ts';
import { once, type Step, type Tx } from '../../db/transaction.ts';
import type { Action } from '../../domain/ill-status.ts';
import { mayBeResent } from '../../domain/ill-messages.ts';
import { refuse, type Refused } from '../../domain/refusal.ts';
import type { Actor } from '../../domain/roles.ts';
import type { ActivityDeps, Roused } from '../deps.ts';
import { record, type Subject } from '../record.ts';
import { resolveTask } from '../tasks.ts';
import { queueToRequester, queueToSupplier, type ToRequester } from './queue.ts';

export interface ResendMessage extends Step {
  readonly library: string;
  readonly messageId: string;
  readonly actor: Actor;
}

export interface Resent {
  readonly peer: string;
}

/** Messages that did not get through, sent again by staff (I18). */
export function createMessageCommands(deps: ActivityDeps) {
  return { resendMessage: (step: ResendMessage) => resendMessage(deps, step) };
}

/**
 * Says once more what a peer refused, or what was given up: a message of its own with the time of now, since an old one would be outdated. A request itself is not sent again: it is with the next supplier by then, and staff choose
 * whom to ask.
 */
async function resendMessage(deps: ActivityDeps, step: ResendMessage): Promise<Refused | Resent> {
  const { library, messageId } = step;
  const { rouse, ...answer } = await once(deps.orm, step, async (tx) => {
    // What was erased with its reader has no text any more.
    const message = await tx.findOne(IllMessage, { id: messageId, library }, { populate: ['xml'] });
    if (!message) return { ...refuse({ code: 'message-unknown' }), rouse: [] };
    const can = mayBeResent(message) && message.xml !== null;
    const line = can ? await sayAgain(deps, tx, message, step) : undefined;
    if (!line) return { ...refuse({ code: 'message-not-lost', state: message.state }), rouse: [] };
    return { peer: message.peer, rouse: [line] };
  });
  await deps.engine.rouse(rouse);
  return answer;
}

async function sayAgain(
  deps: ActivityDeps,
  tx: Tx,
  message: IllMessage,
  { actor, now }: ResendMessage,
): Promise<Roused | undefined> {
  const at = new Date(now);
  const policy = deps.policies.get(message.library);
  const body = message.body as unknown;
  const done = { at, actor, says: message.says, peer: message.peer };
  if (message.about === 'supply') {
    const supply = present(await lockSupply(tx, message.aboutId ?? ''), `supply ${message.aboutId}`);
    if (await wasSaidSince(tx, message)) return undefined;
    await told(tx, { ...subjectOf('supply', supply), patronId: null }, 'supply-unsent', done);
    const { statusInfo, ...rest } = body as ToRequester;
    const { lastChange: _before, ...status } = statusInfo;
    return queueToRequester(tx, policy, supply, { ...rest, statusInfo: status }, at);
  }
  const attempt = await tx.findOneOrFail(IllAttempt, { id: message.aboutId ?? '' });
  const request = present(await lockRequest(tx, attempt.requestId), `request ${attempt.requestId}`);
  if (await wasSaidSince(tx, message)) return undefined;
  await told(
    tx,
    { ...subjectOf('ill', request), patronId: request.patronId ?? null },
    'request-message',
    done,
  );
  const { action, note } = body as { readonly action: Action; readonly note?: string };
  return queueToSupplier(tx, policy, attempt, { action, ...(note !== undefined && { note }) }, at);
}

const subjectOf = (
  type: 'supply' | 'ill',
  { id, library }: Pick<SupplyRequest | IllRequest, 'id' | 'library'>,
) => ({ type, id, library }) as const;

/** It has been sent again already, or said once more by an act. */
async function wasSaidSince(tx: Tx, { aboutId, seq, says }: IllMessage): Promise<boolean> {
  const [later] = await tx.execute(
    `select from ill_message where about_id = ? and direction = 'out' and says = ? and seq > ? and state in ('queued', 'sent') limit 1`,
    [aboutId, says, seq],
  );
  return later !== undefined;
}

interface Told {
  readonly at: Date;
  readonly actor: Actor;
  readonly says: string;
  readonly peer: string;
}

async function told(
  tx: Tx,
  subject: Subject,
  task: 'supply-unsent' | 'request-message',
  { at, actor, says, peer }: Told,
): Promise<void> {
  const kind = task === 'supply-unsent' ? 'supply-resent' : 'ill-message-resent';
  record(tx, subject, { kind, actor, at, detail: { says, peer } });
  await resolveTask(tx, task, subject.id, { at, by: actor, outcome: 'settled' });
}
