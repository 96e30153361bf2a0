import { IllMessage } from '../../db/entities/index.ts';
import { refuse, type Refused } from '../../domain/refusal.ts';
import type { Action } from '../../domain/ill-status.ts';
import { record } from '../record.ts';
import { tellSupplier } from './attempt.ts';
import { type Held, openAttemptOf } from './held.ts';
import { requestSubject } from './standing.ts';
import type { RelayAction } from './steps.ts';

/** What a member says about its request goes on to the supplier that has it, in the member's words (I5). */
export async function relay(held: Held, { messageId }: RelayAction): Promise<Refused | undefined> {
  const { tx, request, at, actor } = held;
  const message = await tx.findOneOrFail(IllMessage, { id: messageId });
  const { action, note } = message.body as { readonly action: Action; readonly note?: string };
  const attempt = await openAttemptOf(held);
  if (!attempt) return refuse({ code: 'request-moved-on', state: request.state });
  await tellSupplier(held, attempt, { action, note });
  record(tx, requestSubject(request), { kind: 'ill-relayed', actor, at, detail: { action } });
  return undefined;
}
