import { IllFormRow, type IllDocument } from '../../db/entities/index.ts';
import type { NoticeKind } from '../../domain/kinds.ts';
import { queueNotice } from '../notices/queue-notice.ts';
import type { Held } from './held.ts';
import { tell } from './notices.ts';
import { requestSubject } from './standing.ts';

type About = Extract<NoticeKind, `ill-document${string}`>;

/**
 * Tells the reader of the document: it is here, it waits to be paid, its link has run out. Of a request without a card the one is told for whom the librarian wrote it, where they gave an
 * address (I7).
 */
export async function tellOfDocument(held: Held, document: IllDocument, kind: About): Promise<void> {
  const { tx, policy, request, patron, at } = held;
  const cause = `${document.id}:${document.issue}`;
  const content = { documentId: document.id, issue: document.issue };
  if (patron) return tell(held, { kind, cause, content });
  const { beneficiary, beneficiaryEmail } = await tx.findOneOrFail(IllFormRow, { id: request.formId });
  if (!beneficiaryEmail) return undefined;
  const to = {
    audience: 'applicant',
    address: beneficiaryEmail,
    name: beneficiary ?? '',
    language: policy.language,
  } as const;
  await queueNotice(tx, policy, to, requestSubject(request), {
    kind,
    cause,
    content: { ...content, open: true },
    at,
  });
}
