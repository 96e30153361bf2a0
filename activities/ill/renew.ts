import { IllAttempt } from '../../db/entities/index.ts';
import { present } from '../../db/locks.ts';
import { patronFacts } from '../../db/queries/patron-facts.ts';
import { byHand } from '../../domain/ill.ts';
import { isTerminal } from '../../domain/ill-transitions.ts';
import { civilDay } from '../../domain/calendar.ts';
import { standingReasons } from '../../domain/patrons.ts';
import { type Reason, refuse, type Refused } from '../../domain/refusal.ts';
import { instant, toDate } from '../facts.ts';
import { record } from '../record.ts';
import { askLibrarian } from './ask-librarian.ts';
import { tellSupplier } from './attempt.ts';
import type { AnswerRenewalByHand, RenewThing } from './delivery-steps.ts';
import { heedRenewal, isWithReader } from './due.ts';
import { type Held, latestAttempt } from './held.ts';
import { after } from './returning.ts';
import { requestSubject } from './standing.ts';

/** Asks the supplier for more time (I13); the answer comes by a message, or staff are told to ask and note it. */
export async function renew(held: Held, { actor }: RenewThing): Promise<Refused | undefined> {
  const { tx, request, at } = held;
  const reasons = await renewalReasons(held, actor.startsWith('patron:'));
  if (reasons.length > 0) return refuse(...reasons);
  request.renewalWantedAt = at;
  record(tx, requestSubject(request), { kind: 'ill-renewal-asked', actor, at });
  const attempt = await latestAttempt(held);
  if (attempt && attempt.peer !== byHand) await tellSupplier(held, attempt, { action: 'Renew' });
  else await askByHand(held);
  return undefined;
}

async function renewalReasons(held: Held, byReader: boolean): Promise<Reason[]> {
  const { request, policy, patron, at, tx } = held;
  if (request.service !== 'loan') return [{ code: 'request-other-service' }];
  if (!isWithReader(held) || (await isClosed(held)))
    return [{ code: 'request-moved-on', state: request.state }];
  const asked = request.renewalWantedAt ? [{ code: 'renewal-asked' } as const] : [];
  if (!byReader || !patron) return asked;
  const [row] = await tx.execute<{ blocked: boolean }[]>(
    'select exists (select from block where patron_id = ? and lifted_at is null) as blocked',
    [patron.id],
  );
  const facts = patronFacts(patron, row?.blocked ?? false);
  return [...asked, ...standingReasons(facts, civilDay(policy, instant(at)), 'web')];
}

/** Its supplier has closed the loan, and grants nothing any more. */
async function isClosed(held: Held): Promise<boolean> {
  const attempt = await latestAttempt(held);
  return attempt !== undefined && isTerminal(attempt.status ?? null);
}

async function askByHand(held: Held): Promise<void> {
  await askLibrarian(held, 'ill-renewal', after(held, held.ill.delivery.things.sendBackWithin));
}

/** The librarian notes what a supplier said about a renewal by other ways. */
export async function answerRenewal(held: Held, wish: AnswerRenewalByHand): Promise<Refused | undefined> {
  const { request, tx } = held;
  if (!isWithReader(held)) return refuse({ code: 'request-moved-on', state: request.state });
  const { answer, dueAt, remarkId } = wish;
  const id = present(request.attemptId, `attempt of ${request.id}`);
  const attempt = await tx.findOneOrFail(IllAttempt, { id });
  const suppliersDue = dueAt === undefined ? undefined : toDate(instant(dueAt));
  await heedRenewal(held, attempt, { yes: answer === 'Y', suppliersDue, remarkId });
  return undefined;
}
