import { type Application, ApplicationForm } from '../../db/entities/index.ts';
import type { Tx } from '../../db/transaction.ts';
import type { NoticeKind } from '../../domain/kinds.ts';
import type { LibraryPolicy } from '../../domain/policy.ts';
import type { ReviewPolicy } from '../../domain/policy-registration.ts';
import { queueNotice, withdrawNotices } from '../notices/queue-notice.ts';
import type { Outsider } from '../notices/recipient.ts';
import { applicationSubject } from '../record.ts';

/** The form that counts now. */
export function currentForm(tx: Tx, { id, version }: Application): Promise<ApplicationForm> {
  return tx.findOneOrFail(ApplicationForm, { applicationId: id, version });
}

function applicant(application: Application, form: ApplicationForm): Outsider {
  return {
    audience: 'applicant',
    address: form.email,
    name: form.name,
    language: application.language,
  };
}

/** What a mail to the applicant is about; `again` makes it another one for the same cause. */
export interface Telling {
  readonly kind: NoticeKind;
  readonly at: Date;
  readonly remarkId?: string | undefined;
  readonly again?: string;
}

/** Queues a mail to the address on the form. What it says of deadlines is what the row says now, even if it goes out later. */
export async function tellApplicant(
  tx: Tx,
  policy: LibraryPolicy,
  application: Application,
  { kind, at, remarkId, again }: Telling,
): Promise<void> {
  const { version, lapsesAt, reviewDueAt, decidedAt } = application;
  await queueNotice(
    tx,
    policy,
    applicant(application, await currentForm(tx, application)),
    applicationSubject(application),
    {
      kind,
      cause: [kind, version, decidedAt?.getTime() ?? 0, ...(again === undefined ? [] : [again])].join(':'),
      at,
      content: {
        version,
        ...(lapsesAt && { validUntil: lapsesAt.getTime() }),
        ...(reviewDueAt && { due: reviewDueAt.getTime() }),
        ...(remarkId !== undefined && { remarkId }),
      },
    },
  );
}

/** Which mail tells an applicant where the application stands while it is open; it goes out again when they apply a second time. */
export const mailOfState = {
  confirming: 'application-confirm',
  reviewing: 'application-received',
  questioned: 'application-question',
  correcting: 'application-rejected',
} as const;

/** What has not gone out and is no longer the last word. */
export function withdrawEarlier(tx: Tx, application: Application, at: Date): Promise<void> {
  return withdrawNotices(tx, application.id, at, [...Object.values(mailOfState), 'application-overdue']);
}

/** Tells the supervisor that a review is overdue, once a working day (A5). */
export async function tellSupervisor(
  tx: Tx,
  policy: LibraryPolicy,
  application: Application,
  { supervisor, day, at }: { supervisor: ReviewPolicy['supervisor']; day: string; at: Date },
): Promise<void> {
  const { language, name } = policy;
  await queueNotice(
    tx,
    policy,
    { audience: 'staff', address: supervisor, name: name[language], language },
    applicationSubject(application),
    {
      kind: 'application-overdue',
      cause: `overdue:${day}`,
      at,
      content: { due: application.reviewDueAt?.getTime() ?? at.getTime() },
    },
  );
}
