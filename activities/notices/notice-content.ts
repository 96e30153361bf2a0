import { Temporal } from 'temporal-polyfill';
import {
  Hold,
  Loan,
  type Notice,
  PasswordLink,
  type Patron,
  Remark,
  Title,
} from '../../db/entities/index.ts';
import { closuresFrom } from '../../db/queries/closures.ts';
import { queuePosition } from '../../db/queries/queue.ts';
import type { Tx } from '../../db/transaction.ts';
import { type Closure, findPlace } from '../../domain/calendar.ts';
import { pickupWindow } from '../../domain/holds.ts';
import { passwordLinkSecret } from '../../domain/password-link.ts';
import type { LibraryPolicy } from '../../domain/policy.ts';
import type { Reason } from '../../domain/refusal.ts';
import { overdueFeeMinor } from '../../domain/reminders.ts';
import type { CancelReason } from '../../notices/codes.ts';
import type { NoticeContent } from '../../notices/content.ts';
import { addressContent } from '../accounts/address-content.ts';
import type { ActivityDeps } from '../deps.ts';
import { disputeContent } from '../charges/dispute-content.ts';
import { documentContent } from '../documents/document-content.ts';
import { transferContent } from '../bank/entry-notices.ts';
import { familyContent, isFamilyKind } from '../families/family-notices.ts';
import { instant } from '../facts.ts';
import { instructionContent } from '../payments/instruction-content.ts';
import { membershipContent } from '../membership/membership-content.ts';
import { reconciliationContent } from '../reconciliation/notices.ts';
import type { Recipient } from './recipient.ts';
import { applicationContent } from '../registration/registration-content.ts';
import { deliveryContent, keptThing } from '../ill/delivery-content.ts';
import { requestContent } from '../ill/notice-content.ts';
import { settlementContent } from '../ill-settlements/notices.ts';
import { loanRenewalReasons } from '../circulation/renewability.ts';

/** A notice about to be written, and the moment of writing: dates in it are reckoned from then. */
export interface Writing {
  readonly notice: Notice;
  readonly recipient: Recipient;
  readonly policy: LibraryPolicy;
  readonly at: Date;
}

type ToReader = Writing & { readonly patron: Patron };

/** The end of the pickup window if the contact is made now (H6); what the mail says is what the row will say. */
export async function windowFrom(tx: Tx, policy: LibraryPolicy, hold: Hold, at: Date): Promise<number> {
  const closures: Closure[] = await closuresFrom(tx, hold.library, at);
  return pickupWindow({ policy, closures, place: hold.pickupPlace, from: instant(at) }).epochMilliseconds;
}

/** Gathers what a notice tells from what is true now and what its cause left with it. */
export async function contentOf(deps: ActivityDeps, tx: Tx, writing: Writing): Promise<NoticeContent> {
  const { notice } = writing;
  const { patron } = writing.recipient;
  if (notice.subjectType === 'hold' && patron)
    return holdContent(
      deps,
      tx,
      { ...writing, patron },
      await tx.findOneOrFail(Hold, { id: notice.subjectId }),
    );
  if (notice.subjectType === 'loan' && patron)
    return loanContent(tx, { ...writing, patron }, await tx.findOneOrFail(Loan, { id: notice.subjectId }));
  if (notice.subjectType === 'application' && notice.kind.startsWith('application-'))
    return applicationContent(deps, tx, notice);
  const aboutDelivery = await deliveryContent(deps, tx, writing);
  if (aboutDelivery) return aboutDelivery;
  const aboutRequest = await requestContent(deps, tx, writing);
  if (aboutRequest) return aboutRequest;
  if (isFamilyKind(notice.kind)) return familyContent(tx, notice.kind, notice);
  const aboutSettlement = await settlementContent(deps, notice);
  if (aboutSettlement) return aboutSettlement;
  if (notice.kind === 'reconciliation-differs')
    return reconciliationContent(deps, tx, writing.policy, notice);
  if (notice.kind === 'membership-due') return membershipContent(tx, notice);
  if (notice.kind === 'dispute-decided') return disputeContent(tx, notice);
  const aboutDocument = await documentContent(tx, notice);
  if (aboutDocument) return aboutDocument;
  const instructions = await instructionContent(tx, writing.policy, notice);
  if (instructions) return instructions;
  const aboutTransfer = transferContent(notice);
  if (aboutTransfer) return aboutTransfer;
  if (notice.kind === 'password-link') return passwordLink(deps, tx, notice);
  const aboutAddress = await addressContent(deps, tx, notice);
  if (aboutAddress) return aboutAddress;
  throw new Error(`There is no text for notice ${notice.kind} about a ${notice.subjectType}.`);
}

async function ofTitle(tx: Tx, titleId: string): Promise<{ title: string; author: string | null }> {
  const title = await tx.findOneOrFail(Title, { id: titleId });
  return { title: title.title, author: title.author ?? null };
}

async function holdContent(
  deps: ActivityDeps,
  tx: Tx,
  { notice, policy, patron, at }: ToReader,
  hold: Hold,
): Promise<NoticeContent> {
  const about = await ofTitle(tx, hold.titleId);
  const left = notice.content;
  switch (notice.kind) {
    case 'placed':
      return {
        kind: 'placed',
        data: {
          ...about,
          ...placeOf(policy, hold, patron),
          queuePosition: await positionOf(tx, hold),
          contact: hold.contact,
        },
      };
    case 'secured':
      return {
        kind: 'secured',
        data: {
          ...about,
          ...placeOf(policy, hold, patron),
          ...(await windowOf(tx, policy, patron, hold, at)),
          contact: hold.contact,
          ...(await keptThing(deps, tx, policy, hold, patron.language)),
        },
      };
    case 'lapsed':
      return { kind: 'lapsed', data: { ...about, wasKeptUntil: Number(left.keepUntil) } };
    case 'cancelled':
      return {
        kind: 'cancelled',
        data: { ...about, reason: left.reason as CancelReason, remark: await remarkIn(tx, left) },
      };
    case 'passed-over':
      return { kind: 'passed-over', data: { ...about, reasons: left.reasons as Reason[] } };
    default:
      throw new Error(`There is no text for notice ${notice.kind} about a hold.`);
  }
}

async function remarkIn(tx: Tx, { remarkId }: Notice['content']): Promise<string | undefined> {
  return typeof remarkId === 'string' ? (await tx.findOne(Remark, { id: remarkId }))?.text : undefined;
}

function placeOf(
  policy: LibraryPolicy,
  hold: Hold,
  patron: Patron,
): { placeName: string; placeAddress: string | null } {
  const branch = policy.branches.find(({ code }) => code === hold.pickupPlace);
  const place = findPlace(policy, hold.pickupPlace);
  return {
    placeName: place?.name[patron.language] ?? hold.pickupPlace,
    placeAddress: branch?.address ?? null,
  };
}

/** While a phone call is still to be made, only the length of the window is known. */
async function windowOf(
  tx: Tx,
  policy: LibraryPolicy,
  patron: Patron,
  hold: Hold,
  at: Date,
): Promise<{ keepUntil?: number; keepDays?: number }> {
  if (hold.keepUntil) return { keepUntil: hold.keepUntil.getTime() };
  if (hold.contact === 'mail' && patron.emailState === 'confirmed')
    return { keepUntil: await windowFrom(tx, policy, hold, at) };
  const { weeks, days: single } = Temporal.Duration.from(policy.holds.window);
  const days = 7 * weeks + single;
  return days > 0 ? { keepDays: days } : {};
}

async function positionOf(tx: Tx, hold: Hold): Promise<number> {
  const [row] = await tx.execute<{ n: number }[]>(`select ${queuePosition} as n from hold where id = ?`, [
    hold.id,
  ]);
  return row?.n ?? 1;
}

async function loanContent(
  tx: Tx,
  { notice, policy, patron, at }: ToReader,
  loan: Loan,
): Promise<NoticeContent> {
  const about = { ...(await ofTitle(tx, loan.titleId)), dueAt: loan.dueAt.getTime() };
  if (notice.kind === 'due-soon') {
    const reasons = await loanRenewalReasons(tx, policy, loan, patron, at);
    return { kind: 'due-soon', data: { ...about, renewable: reasons.length === 0 } };
  }
  const fee = overdueFeeMinor(policy, instant(loan.dueAt), instant(at));
  return {
    kind: 'overdue',
    data: {
      ...about,
      step: Number(notice.content.step),
      ...(fee > 0 && { fee: { amountMinor: fee, currency: policy.currency } }),
    },
  };
}

async function passwordLink(
  { secret, publicUrl }: ActivityDeps,
  tx: Tx,
  notice: Notice,
): Promise<NoticeContent> {
  const link = await tx.findOneOrFail(PasswordLink, { id: String(notice.content.linkId) });
  const url = `${publicUrl}/password-links/${link.id}#${passwordLinkSecret(secret, link.id)}`;
  return { kind: 'password-link', data: { url, validUntil: link.expiresAt.getTime() } };
}
