import { present } from '../db/locks.ts';
import { documentById } from '../db/queries/documents.ts';
import { documentNumber } from '../domain/documents.ts';
import type { LibraryPolicy } from '../domain/policy.ts';
import { printedDocument } from '../documents/printed.ts';
import type { NoticeContent } from '../notices/content.ts';
import type { ActivityDeps } from './deps.ts';
import type { Attachment } from './gateways/mail.ts';

/** Mailboxes refuse mails that are too large; what is larger stays in the account. */
const mostBytes = 3_000_000;

interface Enclosed {
  readonly content: NoticeContent;
  readonly attachments: readonly Attachment[];
}

/**
 * What goes with a mail: the receipt or the invoice that it is about, printed from its row now. One that is too large for a mail is left out, and the text says
 * where else it is.
 */
export async function enclose(
  deps: Pick<ActivityDeps, 'orm' | 'texts'>,
  policy: LibraryPolicy,
  documentId: unknown,
  content: NoticeContent,
): Promise<Enclosed> {
  if (content.kind !== 'payment-received' && content.kind !== 'invoice-issued')
    return { content, attachments: [] };
  if (!content.data.attached) return { content, attachments: [] };
  const row = present(await documentById(deps.orm, String(documentId)), 'document');
  const bytes = await printedDocument(deps.texts, policy, row);
  if (bytes.length > mostBytes)
    return {
      content: { ...content, data: { ...content.data, attached: false } } as NoticeContent,
      attachments: [],
    };
  return {
    content,
    attachments: [{ name: `${documentNumber(row)}.pdf`, mediaType: 'application/pdf', bytes }],
  };
}
