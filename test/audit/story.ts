import { tellCharges } from './charges.ts';
import { v7 as uuid } from 'uuid';
import { deliverNotice } from '../../activities/notices/deliver.ts';
import type { ContactMethod } from '../../domain/kinds.ts';
import type { ActivityBench } from '../support/activities.ts';
import { tellClosedBooks } from './closed-books.ts';
import { tellDocuments } from './documents.ts';
import { tellFamily } from './families.ts';
import { tellMails } from './mails.ts';
import { tellMemberships } from './memberships.ts';
import { tellOnlinePayments } from './online-payments.ts';
import { tellTransfers } from './transfers.ts';
import { tellEntries } from './entries.ts';
import { tellStatements } from './statements.ts';
import { tellRegistrations } from './registrations.ts';

/** When the story begins; its windows are the demonstration library's seconds and minutes. */
export const begin = Date.UTC(2026, 5, 1, 10);
/** A moment after all of it at which nothing is late. */
export const after = begin + 10 * 60_000;

const desk = 'staff:00000000-0000-7000-8000-000000000001';

const at = (second: number): number => begin + second * 1_000;

const step = (second: number, about: string) => ({ operation: `${about}/${uuid()}`, now: at(second) });

/** Steps of a story, each at so many seconds after its beginning. */
export function createTelling({ deps, activities, build, rows }: ActivityBench) {
  const { library } = build;
  const telling = {
    lend: async (second: number, patronId: string, itemId: string) => {
      const loanId = uuid();
      const wish = {
        loanId,
        library,
        patronId,
        itemId,
        branch: 'main',
        actor: desk,
        now: at(second),
      } as const;
      const outcome = await activities.checkOut(wish);
      if ('refused' in outcome) throw new Error(JSON.stringify(outcome));
      return loanId;
    },
    /** A title whose only copy is on loan to somebody. */
    lentTitle: async (second: number) => {
      const title = await build.title();
      const item = await build.item(title.id);
      const loanId = await telling.lend(second, (await build.patron()).id, item.id);
      return { titleId: title.id, itemId: item.id, loanId };
    },
    place: async (second: number, titleId: string, contact: ContactMethod) => {
      const { id: patronId } = await build.patron();
      const holdId = uuid();
      const wish = {
        holdId,
        library,
        patronId,
        titleId,
        pickupPlace: 'main',
        contact,
        channel: 'web',
      } as const;
      const outcome = await activities.placeHold({ ...wish, actor: `patron:${patronId}`, now: at(second) });
      if ('refused' in outcome) throw new Error(JSON.stringify(outcome));
      return { holdId, patronId };
    },
    checkIn: (second: number, itemId: string) =>
      activities.checkIn({
        scanId: uuid(),
        itemId,
        branch: 'main',
        actor: desk,
        ...step(second, 'command:checkIn'),
      }),
    look: (second: number, holdId: string) => activities.lookAtHold({ holdId, now: at(second) }),
    lookAtLoan: (second: number, loanId: string) => activities.lookAtLoan({ loanId, now: at(second) }),
    renew: (second: number, loanId: string) =>
      activities.renewLoan({ loanId, actor: desk, channel: 'desk', ...step(second, `loan:${loanId}`) }),
    cancel: (second: number, holdId: string) =>
      activities.cancelHold({ holdId, actor: desk, reason: 'by-staff', ...step(second, `hold:${holdId}`) }),
    block: (second: number, patronId: string) =>
      activities.blockPatron({
        patronId,
        blockId: uuid(),
        reason: 'manual',
        actor: desk,
        ...step(second, 'command:blockPatron'),
      }),
    deliver: async (second: number, subjectId: string) => {
      const queued = await rows<{ id: string }>(
        `select id from notice where subject_id = ? and state = 'queued' order by created_at`,
        [subjectId],
      );
      for (const { id } of queued) await deliverNotice(deps, { noticeId: id }, new Date(at(second)));
    },
  };
  return telling;
}

/** A little of everything that can happen, all of it as it should be. Answers the ids that the breaks need. */
export async function tellStory(bench: ActivityBench) {
  const tell = createTelling(bench);

  const collected = await tell.lentTitle(0);
  const first = await tell.place(1, collected.titleId, 'mail');
  const second = await tell.place(2, collected.titleId, 'mail');
  await tell.checkIn(10, collected.itemId);
  await tell.deliver(11, first.holdId);
  await tell.deliver(11, second.holdId);
  const openLoan = await tell.lend(20, first.patronId, collected.itemId);

  const late = await tell.lentTitle(0);
  await tell.renew(60, late.loanId);
  await tell.lookAtLoan(60 + 181, late.loanId);
  await tell.checkIn(60 + 180 + 61, late.itemId);

  const overdue = await tell.lentTitle(0);
  await tell.lookAtLoan(180 + 121, overdue.loanId);
  await tell.deliver(180 + 122, overdue.loanId);

  const phoned = await tell.lentTitle(0);
  const toPhone = await tell.place(1, phoned.titleId, 'phone');
  await tell.checkIn(10, phoned.itemId);

  const mailed = await tell.lentTitle(0);
  const toMail = await tell.place(1, mailed.titleId, 'mail');
  await tell.checkIn(10, mailed.itemId);

  const lapsing = await tell.lentTitle(0);
  const lapsed = await tell.place(1, lapsing.titleId, 'none');
  const heir = await tell.place(2, lapsing.titleId, 'none');
  await tell.checkIn(10, lapsing.itemId);
  await tell.look(10 + 46, lapsed.holdId);

  const cancelling = await tell.lentTitle(0);
  const cancelled = await tell.place(1, cancelling.titleId, 'mail');
  await tell.cancel(5, cancelled.holdId);

  const passing = await tell.lentTitle(0);
  const blocked = await tell.place(1, passing.titleId, 'mail');
  const served = await tell.place(2, passing.titleId, 'none');
  await tell.block(3, blocked.patronId);
  await tell.checkIn(10, passing.itemId);

  const mailedHold = async () => {
    const { titleId, itemId } = await tell.lentTitle(0);
    const { holdId, patronId } = await tell.place(1, titleId, 'mail');
    await tell.checkIn(10, itemId);
    await tell.deliver(11, holdId);
    return { holdId, patronId };
  };

  const online = await tellOnlinePayments(bench, begin);
  return {
    collected: first.holdId,
    waiting: second.holdId,
    openLoan,
    renewedLoan: late.loanId,
    overdueLoan: overdue.loanId,
    toPhone: toPhone.holdId,
    toMail: toMail.holdId,
    lapsed: lapsed.holdId,
    kept: heir.holdId,
    cancelled: cancelled.holdId,
    blocked: blocked.holdId,
    served: served.holdId,
    applications: await tellRegistrations(bench, begin),
    mails: await tellMails(bench, begin, mailedHold),
    family: await tellFamily(bench, begin, passing.titleId),
    membership: await tellMemberships(bench, begin),
    charges: await tellCharges(bench, begin),
    online,
    transfers: await tellTransfers(bench, begin),
    bank: await tellStatements(bench, begin),
    entries: await tellEntries(bench, begin),
    books: await tellClosedBooks(bench, begin, `co_${online.twicePaid}_a`),
    documents: await tellDocuments(bench, begin),
  };
}

export type Story = Awaited<ReturnType<typeof tellStory>>;
