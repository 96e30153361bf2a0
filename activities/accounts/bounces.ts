import { ApplicationFailure, ApplicationFailureCategory } from '@temporalio/common';
import { Bounce, Notice, type Patron } from '../../db/entities/index.ts';
import { lockPatron, present } from '../../db/locks.ts';
import { once, reader, type Step, type Tx } from '../../db/transaction.ts';
import type { ActivityDeps } from '../deps.ts';
import { askForAddress, markFailing, tellUnreachable } from './email-failing.ts';
import { record, type Subject } from '../record.ts';
import { undoContact } from '../circulation/undo-contact.ts';

export interface RecordBounce extends Step {
  readonly bounceId: string;
}

/** What came of a report about a mail; `noted`: it says nothing against the address the reader has now. */
export interface Recorded {
  readonly effect: 'failing' | 'counted' | 'noted';
}

type Report = Bounce & { readonly outcome: 'hard' | 'soft' };

export function createBounceCommands(deps: ActivityDeps) {
  return { recordBounce: (step: RecordBounce) => recordBounce(deps, step) };
}

/**
 * Decides what a mail that came back means (N4): for the address it went to, and for the hold whose pickup period began with it – a mail that did not arrive was no
 * contact (H6). Repeated, it changes nothing.
 *
 * @throws while the mail's acceptance is not on record yet: the report can be quicker than the delivery's own transaction
 */
async function recordBounce(deps: ActivityDeps, step: RecordBounce): Promise<Recorded> {
  await handedOver(deps, step.bounceId);
  const { wake, ...answer } = await once(deps.orm, step, async (tx) => {
    const bounce = present(await tx.findOne(Bounce, { id: step.bounceId }), `bounce ${step.bounceId}`);
    const notice = await tx.findOneOrFail(Notice, { id: bounce.noticeId });
    const patron = notice.patronId ? await lockPatron(tx, notice.patronId) : undefined;
    const at = new Date(step.now);
    bounce.recordedAt = at;
    // What the server answered may name an address; of an erased reader none is kept (A12).
    if (patron?.erasedAt) bounce.diagnostic = null;
    record(tx, aboutOf(notice), {
      kind: 'mail-bounced',
      actor: 'system',
      at,
      detail: { noticeId: notice.id, bounceId: bounce.id, outcome: bounce.outcome, status: bounce.status },
    });
    bounce.effect = 'noted';
    await tx.flush();
    if (!isFinal(bounce)) return { effect: bounce.effect, wake: [] };
    bounce.effect = await judge(deps, tx, { bounce, notice, patron, at });
    return { effect: bounce.effect, wake: await undoContact(deps, tx, notice, at) };
  });
  await deps.engine.wake(wake);
  return answer;
}

async function handedOver({ orm }: ActivityDeps, bounceId: string): Promise<void> {
  const tx = reader(orm);
  const bounce = await tx.findOneOrFail(Bounce, { id: bounceId });
  const notice = await tx.findOneOrFail(Notice, { id: bounce.noticeId });
  if (notice.state !== 'queued') return;
  throw ApplicationFailure.create({
    type: 'MailUnderWay',
    message: 'The mail that came back is not on record as sent yet.',
    category: ApplicationFailureCategory.BENIGN,
  });
}

const isFinal = (bounce: Bounce): bounce is Report => bounce.outcome !== 'delayed';

interface Case {
  readonly bounce: Report;
  readonly notice: Notice;
  readonly patron: Patron | undefined;
  readonly at: Date;
}

async function judge(deps: ActivityDeps, tx: Tx, { bounce, notice, patron, at }: Case) {
  if (!patron) {
    await askForAddress(tx, deps.policies.get(notice.library), aboutOf(notice), at);
    return 'noted';
  }
  if (notice.kind === 'confirm-email') {
    if (bounce.outcome === 'hard')
      await tellUnreachable(deps, tx, patron, { noticeId: notice.id, reason: 'bounced', at });
    return 'noted';
  }
  if (!concernsCurrent(patron, notice)) return 'noted';
  const trouble = { noticeId: notice.id, at };
  if (bounce.outcome === 'hard') {
    await markFailing(deps, tx, patron, { ...trouble, reason: 'bounced' });
    return 'failing';
  }
  if (!(await comesBackOften(deps, tx, patron))) return 'counted';
  await markFailing(deps, tx, patron, { ...trouble, reason: 'bounced-often' });
  return 'failing';
}

/** A mail to an earlier address, or from before the address was last confirmed, says nothing of today's. */
function concernsCurrent(patron: Patron, { recipient, settledAt }: Notice): boolean {
  if (!patron.email || recipient !== patron.email) return false;
  return (
    patron.emailState === 'failing' || !patron.emailSince || !settledAt || settledAt >= patron.emailSince
  );
}

/** Whether of the mails up to the last that came back as many in a row came back as the policy allows. */
async function comesBackOften(deps: ActivityDeps, tx: Tx, patron: Patron): Promise<boolean> {
  const { softBounces } = deps.policies.get(patron.library).mail;
  const [row] = await tx.execute<{ n: number }[]>(
    `with mail as (
       select settled_at, exists (select from bounce where notice_id = notice.id and outcome <> 'delayed' and recorded_at is not null) as back
       from notice where patron_id = ? and state = 'sent' and recipient = ? and settled_at >= coalesce(?, '-infinity'::timestamptz)
     ), latest as (
       select back from mail where settled_at <= (select max(settled_at) from mail where back) order by settled_at desc limit ?
     )
     select count(*) filter (where back)::int as n from latest`,
    [patron.id, patron.email, patron.emailSince ?? null, softBounces],
  );
  return (row?.n ?? 0) >= softBounces;
}

function aboutOf({ subjectType, subjectId, library, patronId }: Notice): Subject {
  return { type: subjectType as Subject['type'], id: subjectId, library, patronId: patronId ?? null };
}
