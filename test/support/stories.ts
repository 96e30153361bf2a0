import { v7 as uuid } from 'uuid';
import { Hold } from '../../db/entities/index.ts';
import type { ContactMethod } from '../../domain/kinds.ts';
import type { LibraryPolicy } from '../../domain/policy.ts';
import { type Backend, until } from './carrel.ts';
import { createIllStories } from './ill-stories.ts';
import { createMembershipStories } from './membership-stories.ts';
import { createPaymentStories, shortPayments } from './payment-stories.ts';
import { createReconciliationStories } from './reconciliation-stories.ts';
import { createStatementStories } from './statement-stories.ts';
import { createRegistrationStories, shortReviews } from './registration-stories.ts';
import { createTransferStories } from './transfer-stories.ts';

/** Seconds instead of days, and confirmations in the account, as most libraries have it. */
export function shortWindows(policy: LibraryPolicy): LibraryPolicy {
  return {
    ...shortPayments(shortReviews(policy)),
    holds: { ...policy.holds, window: 'PT2S' },
    loans: {
      ...policy.loans,
      periods: { book: 'PT4S', magazine: 'PT4S', audiovisual: 'PT4S' },
      renewals: { ...policy.loans.renewals, period: 'PT8S' },
      reminderBefore: ['PT2S'],
      overdueSteps: ['PT1S'],
    },
    notices: { ...policy.notices, placed: 'off' },
  };
}

/**
 * Whole lives of processes on a running backend: each tells one story and answers the workflow, or its run, that it has brought to its end, by the name under which
 * their histories are kept.
 */
export function createStories(carrel: Backend) {
  const { commands, build } = carrel;
  const { library } = build;
  const ended = async (workflowId: string) => {
    await carrel.client.workflow.getHandle(workflowId).result();
    return workflowId;
  };
  const find = (id: string) => carrel.orm.em.fork().findOneOrFail(Hold, { id });
  const lend = async (patronId: string, itemId: string) => {
    const loanId = uuid();
    await commands.checkOut(
      { library, loanId, patronId, itemId, branch: 'main', actor: 'staff:1' },
      Date.now() + 4_000,
    );
    return loanId;
  };
  const scan = (loanId: string | null, itemId: string) =>
    commands.checkIn(loanId, { itemId, branch: 'main', actor: 'staff:1' }, uuid());
  const lentBook = async () => {
    const title = await build.title();
    const item = await build.item(title.id);
    return { title, item, loanId: await lend((await build.patron()).id, item.id) };
  };
  const place = async (titleId: string, contact: ContactMethod) => {
    const reader = await build.patron();
    const holdId = uuid();
    const actor = `patron:${reader.id}` as const;
    await commands.placeHold({
      library,
      holdId,
      patronId: reader.id,
      titleId,
      pickupPlace: 'main',
      contact,
      channel: 'web',
      actor,
    });
    return { holdId, reader };
  };
  const contacted = (holdId: string) =>
    until(
      () => find(holdId),
      ({ contactedAt }) => contactedAt !== null,
    );

  return {
    ...createRegistrationStories(carrel),
    ...createMembershipStories(carrel),
    ...createPaymentStories(carrel),
    ...createTransferStories(carrel),
    ...createReconciliationStories(carrel),
    ...createStatementStories(carrel),
    ...createIllStories(carrel),
    'hold.collected': async () => {
      const { title, item, loanId } = await lentBook();
      const { holdId, reader } = await place(title.id, 'mail');
      await scan(loanId, item.id);
      await contacted(holdId);
      const collected = await lend(reader.id, item.id);
      await ended(`hold:${holdId}`);
      await scan(collected, item.id);
      return ended(`hold:${holdId}`);
    },
    'hold.lapsed-with-heir': async () => {
      const { title, item, loanId } = await lentBook();
      const first = await place(title.id, 'mail');
      const heir = await place(title.id, 'none');
      await scan(loanId, item.id);
      await ended(`hold:${first.holdId}`);
      await ended(`hold:${heir.holdId}`);
      return `hold:${first.holdId}`;
    },
    'hold.phoned': async () => {
      const { title, item, loanId } = await lentBook();
      const { holdId } = await place(title.id, 'phone');
      await scan(loanId, item.id);
      await commands.recordContact(holdId, { actor: 'staff:1', outcome: 'not-reached' }, uuid());
      await commands.recordContact(holdId, { actor: 'staff:1', outcome: 'reached' }, uuid());
      return ended(`hold:${holdId}`);
    },
    'hold.changed-and-cancelled': async () => {
      const { title } = await lentBook();
      const { holdId, reader } = await place(title.id, 'mail');
      const actor = `patron:${reader.id}` as const;
      await commands.changeHold(holdId, { actor, contact: 'phone' }, uuid());
      await commands.cancelHold(holdId, { actor, reason: 'by-reader' }, uuid());
      return ended(`hold:${holdId}`);
    },
    'hold.refused': async () => {
      const title = await build.title();
      await build.item(title.id);
      const { holdId } = await place(title.id, 'mail');
      return ended(`hold:${holdId}`);
    },
    'loan.returned': async () => {
      const { item, loanId } = await lentBook();
      await scan(loanId, item.id);
      return ended(`loan:${loanId}`);
    },
    'loan.renewed-and-returned': async () => {
      const { item, loanId } = await lentBook();
      await new Promise((resolve) => setTimeout(resolve, 1_000));
      await commands.renew(loanId, { actor: 'staff:1', channel: 'desk' }, uuid());
      await scan(loanId, item.id);
      return ended(`loan:${loanId}`);
    },
    'loan.overdue': async () => {
      const { item, loanId } = await lentBook();
      await new Promise((resolve) => setTimeout(resolve, 7_000));
      await scan(loanId, item.id);
      return ended(`loan:${loanId}`);
    },
    'command.check-in': async () => {
      const item = await build.item((await build.title()).id);
      const key = uuid();
      await commands.checkIn(null, { itemId: item.id, branch: 'main', actor: 'staff:1' }, key);
      return ended(`command:checkIn:${key}`);
    },
    'command.block': async () => {
      const { id } = await build.patron();
      const key = uuid();
      await commands.run(
        'blockPatron',
        { patronId: id, blockId: uuid(), reason: 'manual', actor: 'staff:1' },
        key,
      );
      return ended(`command:blockPatron:${key}`);
    },
    sweep: async () => {
      const workflowId = `sweep-${uuid()}`;
      await carrel.client.workflow.execute('sweep', { workflowId, taskQueue: carrel.taskQueue, args: [] });
      return workflowId;
    },
  };
}

/** What a story answers: a workflow by its id, or one run of several. */
type Told = string | { readonly workflowId: string; readonly runId: string };

export async function historyOf({ workflow }: Backend['client'], told: Told) {
  const handle =
    typeof told === 'string' ? workflow.getHandle(told) : workflow.getHandle(told.workflowId, told.runId);
  return handle.fetchHistory();
}

export type Story = keyof ReturnType<typeof createStories>;
