import { LockMode } from '@mikro-orm/core';
import { EmailConfirmation, PasswordLink, type Patron, Task } from '../../db/entities/index.ts';
import { lockPatron, present } from '../../db/locks.ts';
import { once, type Step, type Tx } from '../../db/transaction.ts';
import { refuse, type Refused } from '../../domain/refusal.ts';
import type { Actor } from '../../domain/roles.ts';
import type { ActivityDeps } from '../deps.ts';
import type { ToDeliver } from '../notices/notices.ts';
import { queueNotice, withdrawNotices } from '../notices/queue-notice.ts';
import { patronSubject, record } from '../record.ts';
import { resolveTask } from '../tasks.ts';

export interface AskEmail extends Step {
  readonly confirmationId: string;
  readonly actor: Actor;
}

export interface ConfirmEmail extends Step {
  readonly confirmationId: string;
}

export interface SendTestMail extends Step {
  readonly patronId: string;
  readonly actor: Actor;
}

export interface SettleTask extends Step {
  readonly taskId: string;
  readonly actor: Actor;
  readonly remarkId?: string;
}

/** Commands about a reader's e-mail address (A11). */
export function createEmailCommands(deps: ActivityDeps) {
  return {
    askEmail: (step: AskEmail) => once(deps.orm, step, (tx) => askEmail(deps, tx, step)),
    confirmEmail: (step: ConfirmEmail) => once(deps.orm, step, (tx) => confirmEmail(deps, tx, step)),
    sendTestMail: (step: SendTestMail) => once(deps.orm, step, (tx) => sendTestMail(deps, tx, step)),
    settleTask: (step: SettleTask) => once(deps.orm, step, (tx) => settleTask(tx, step)),
  };
}

/** Sends the confirmation mail for an address that was submitted; of several requests only the last one's link works. */
async function askEmail(
  deps: ActivityDeps,
  tx: Tx,
  { confirmationId, actor, now }: AskEmail,
): Promise<Refused | (ToDeliver & { confirmationId: string })> {
  const asked = await confirmationOf(tx, confirmationId);
  const patron = await lockPatron(tx, asked.subjectId);
  if (!patron) return refuse({ code: 'patron-unknown' });
  if (patron.closedAt) return refuse({ code: 'patron-closed' });
  if (patron.email === asked.address && patron.emailState === 'confirmed')
    return refuse({ code: 'email-same' });
  const at = new Date(now);
  await dropOthers(tx, asked, at);
  await withdrawNotices(tx, patron.id, at, ['confirm-email']);
  const subject = patronSubject(patron);
  record(tx, subject, { kind: 'email-asked', actor, at, detail: { confirmationId } });
  const id = await queueNotice(tx, deps.policies.get(patron.library), patron, subject, {
    kind: 'confirm-email',
    cause: `confirm-email:${confirmationId}`,
    at,
    content: { confirmationId },
  });
  return { confirmationId, deliver: id ? [id] : [] };
}

/**
 * The link was opened by whoever reads the mail: only now the address is registered, the one before dropped (A11), and everything known against it forgotten. The
 * address before hears of it, so that a change by a stranger does not go unnoticed, and password links sent to it stop working.
 */
async function confirmEmail(
  deps: ActivityDeps,
  tx: Tx,
  { confirmationId, now }: ConfirmEmail,
): Promise<Refused | (ToDeliver & { confirmationId: string })> {
  const seen = await confirmationOf(tx, confirmationId);
  const patron = await lockPatron(tx, seen.subjectId);
  const asked = await tx.refreshOrFail(seen);
  const at = new Date(now);
  const over = asked.usedAt || asked.droppedAt || asked.expiresAt <= at;
  if (!patron || patron.closedAt || over) return refuse({ code: 'email-link-expired' });
  const before = patron.email !== asked.address && patron.emailState === 'confirmed' ? patron.email : null;
  asked.usedAt = at;
  asked.replaces = before ?? null;
  await dropOthers(tx, asked, at);
  await register(tx, patron, asked, at);
  await tx.flush();
  return { confirmationId, deliver: await tellRegistered(deps, tx, patron, asked, at) };
}

async function register(tx: Tx, patron: Patron, asked: EmailConfirmation, at: Date): Promise<void> {
  if (patron.email !== asked.address)
    await tx.nativeUpdate(PasswordLink, { patronId: patron.id, usedAt: null }, { usedAt: at });
  patron.email = asked.address;
  patron.emailState = 'confirmed';
  patron.emailSince = at;
  patron.emailReason = null;
  await resolveTask(tx, 'email-failing', patron.id, { at, by: 'system', outcome: 'dropped' });
  record(tx, patronSubject(patron), {
    kind: 'email-confirmed',
    actor: `patron:${patron.id}`,
    at,
    detail: { confirmationId: asked.id },
  });
}

async function tellRegistered(
  deps: ActivityDeps,
  tx: Tx,
  patron: Patron,
  { id, replaces }: EmailConfirmation,
  at: Date,
): Promise<string[]> {
  const kinds = replaces ? (['email-registered', 'email-changed'] as const) : (['email-registered'] as const);
  const queued: string[] = [];
  for (const kind of kinds) {
    const notice = await queueNotice(tx, deps.policies.get(patron.library), patron, patronSubject(patron), {
      kind,
      cause: `${kind}:${id}`,
      at,
      content: { confirmationId: id },
    });
    if (notice) queued.push(notice);
  }
  return queued;
}

/** A test mail to the address the reader has, whatever is known of it: how it fares says more than the mark. */
async function sendTestMail(
  deps: ActivityDeps,
  tx: Tx,
  { patronId, actor, now, operation }: SendTestMail,
): Promise<Refused | (ToDeliver & { noticeId: string })> {
  const patron = await lockPatron(tx, patronId);
  if (!patron) return refuse({ code: 'patron-unknown' });
  if (!patron.email) return refuse({ code: 'email-none' });
  const at = new Date(now);
  const subject = patronSubject(patron);
  record(tx, subject, { kind: 'test-mail-asked', actor, at });
  const noticeId = present(
    await queueNotice(tx, deps.policies.get(patron.library), patron, subject, {
      kind: 'test-mail',
      cause: `test-mail:${operation}`,
      at,
    }),
    'test mail',
  );
  return { noticeId, deliver: [noticeId] };
}

/** What staff see to without a process that waits for it, and what it is about. */
const chores: readonly string[] = ['email-failing', 'statement-gap', 'supply-overdue', 'supply-unsent'];
const subjects = ['application', 'bank-statement', 'supply'] as const;

/** Staff have seen to a task for which no process waits. */
async function settleTask(
  tx: Tx,
  { taskId, actor, now, remarkId }: SettleTask,
): Promise<Refused | { taskId: string }> {
  const seen = await tx.findOne(Task, { id: taskId });
  // A confirmed address drops the task under the reader's lock: whoever comes second sees what the first did.
  if (seen?.patronId) await lockPatron(tx, seen.patronId);
  const task = seen && (await tx.refresh(seen, { lockMode: LockMode.PESSIMISTIC_WRITE }));
  if (!task || !chores.includes(task.kind)) return refuse({ code: 'task-unknown' });
  if (task.resolvedAt) return refuse({ code: 'task-resolved', at: task.resolvedAt.toISOString() });
  const at = new Date(now);
  task.resolvedAt = at;
  task.resolvedBy = actor;
  task.outcome = 'settled';
  task.remarkId = remarkId ?? null;
  const { subjectId: id, library, patronId } = task;
  const type = subjects.find((each) => each === task.subjectType) ?? 'patron';
  record(
    tx,
    { type, id, library, patronId: patronId ?? null },
    { kind: 'task-settled', actor, at, detail: { task: task.kind, ...(remarkId && { remarkId }) } },
  );
  return { taskId };
}

async function confirmationOf(tx: Tx, id: string): Promise<EmailConfirmation> {
  return present(await tx.findOne(EmailConfirmation, { id }), `e-mail confirmation ${id}`);
}

async function dropOthers(tx: Tx, { id, subjectId }: EmailConfirmation, at: Date): Promise<void> {
  await tx.nativeUpdate(
    EmailConfirmation,
    { subjectId, usedAt: null, droppedAt: null, id: { $ne: id } },
    { droppedAt: at },
  );
}
