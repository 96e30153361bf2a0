import { present } from '../../db/locks.ts';
import { documentById } from '../../db/queries/documents.ts';
import { documentNumber } from '../../domain/documents.ts';
import type { LibraryPolicy } from '../../domain/policy.ts';
import type { NoticeContent } from '../../notices/content.ts';
import type { ActivityDeps } from '../deps.ts';
import type { Attachment } from '../gateways/mail.ts';
import { encloseSettlement } from '../ill-settlements/notices.ts';

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
  deps: Pick<ActivityDeps, 'orm' | 'printer'>,
  policy: LibraryPolicy,
  aboutId: unknown,
  content: NoticeContent,
  at: Date,
): Promise<Enclosed> {
  if (content.kind === 'payment-instructions') return encloseForm(deps, policy, content, at);
  if (content.kind === 'library-settlement')
    return { content, attachments: [await encloseSettlement(deps, policy, aboutId)] };
  if (content.kind !== 'payment-received' && content.kind !== 'invoice-issued')
    return { content, attachments: [] };
  if (!content.data.attached) return { content, attachments: [] };
  const row = present(await documentById(deps.orm, String(aboutId)), 'document');
  const bytes = await deps.printer.document(policy, row);
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

type Instructions = Extract<NoticeContent, { kind: 'payment-instructions' }>;

/** The form of an internal transfer (P4). */
async function encloseForm(
  { printer }: Pick<ActivityDeps, 'printer'>,
  policy: LibraryPolicy,
  content: Instructions,
  madeAt: Date,
): Promise<Enclosed> {
  const { to, amount, reference, attached } = content.data;
  if (!attached || to.means !== 'transfer') return { content, attachments: [] };
  const { purpose, unit, departmentCode, projectCode } = to;
  const payee = { unit, departmentCode, projectCode };
  const bytes = await printer.transferForm(policy, { payee, purpose, ...amount, reference, madeAt });
  return { content, attachments: [{ name: `${reference}.pdf`, mediaType: 'application/pdf', bytes }] };
}
