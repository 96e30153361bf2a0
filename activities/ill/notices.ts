import type { NoticeKind } from '../../domain/kinds.ts';
import { queueNotice, withdrawNotices } from '../notices/queue-notice.ts';
import type { Held } from './held.ts';
import { requestSubject } from './standing.ts';

export interface Telling {
  readonly kind: NoticeKind;
  readonly cause: string;
  readonly content?: Record<string, unknown>;
}

/** Tells the reader about the request, once for each cause; where nobody has a card there is nobody to tell. What is said is what is true when it goes out. */
export async function tell({ tx, policy, request, patron, at }: Held, told: Telling): Promise<void> {
  if (patron) await queueNotice(tx, policy, patron, requestSubject(request), { ...told, at });
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
