import type { NoticeKind } from '../../domain/kinds.ts';
import { queueNotice, withdrawNotices } from '../notices/queue-notice.ts';
import { formOf, type Held } from './held.ts';
import { requestSubject } from './standing.ts';

export interface Telling {
  readonly kind: NoticeKind;
  readonly cause: string;
  readonly content?: Record<string, unknown>;
}

/** What the person hears for whom an institution's account has asked (I6); the rest – questions, money – is the institution's. */
const forThePerson: ReadonlySet<NoticeKind> = new Set([
  'ill-unfilled',
  'ill-rejected',
  'ill-cancelled',
  'ill-arrived',
  'ill-sent',
  'ill-unusable',
  'ill-renewed',
  'ill-not-renewed',
  'ill-recalled',
  'ill-overdue',
  'ill-lost',
  'ill-due-soon',
  'ill-document',
  'ill-document-expired',
]);

/**
 * Tells the reader about the request, once for each cause, and the person whom an institution's account has named, at the address that stands in the request (I6); where nobody has a card there is nobody to tell. What is said is
 * what is true when it goes out.
 */
export async function tell(held: Held, told: Telling): Promise<void> {
  const { tx, policy, request, patron, at } = held;
  if (!patron) return;
  await queueNotice(tx, policy, patron, requestSubject(request), { ...told, at });
  if (forThePerson.has(told.kind)) await tellPerson(held, told);
}

/** Tells whom the request is for, where that is not the account's holder and there is an address. */
export async function tellPerson(held: Held, told: Telling): Promise<void> {
  const { tx, policy, request, at } = held;
  const { beneficiary, beneficiaryEmail: address } = await formOf(held);
  if (!address) return;
  const { language } = policy;
  const to = { audience: 'applicant', address, name: beneficiary ?? '', language } as const;
  const cause = `${told.cause}:person`;
  await queueNotice(tx, policy, to, requestSubject(request), { ...told, cause, at });
}

/** Mails the form to the librarian who obtains it by hand (I3). */
export async function mailForm({ tx, policy, ill, request, at }: Held): Promise<void> {
  const { language, name } = policy;
  await queueNotice(
    tx,
    policy,
    {
      audience: 'staff',
      address: ill.obtaining.librarian ?? policy.sender.address,
      name: name[language],
      language,
    },
    requestSubject(request),
    { kind: 'ill-form', cause: `form:${request.formId}`, at },
  );
}

/** Takes back what has not gone out and is not true any more. */
export async function withdraw({ tx, request, at }: Held, ...kinds: NoticeKind[]): Promise<void> {
  await withdrawNotices(tx, request.id, at, kinds);
}
