import { MoneyDocument, type Notice } from '../../db/entities/index.ts';
import type { Tx } from '../../db/transaction.ts';
import { documentNumber } from '../../domain/documents.ts';
import type { NoticeContent } from '../../notices/content.ts';

const documentKinds = ['payment-received', 'invoice-issued'] as const;

const receiptKinds = ['slip', 'payout', 'deposit', 'deposit-return'] as const;

/** What a notice with a receipt or an invoice tells. A message written in the transaction that issues the document has no number to tell yet. */
export async function documentContent(tx: Tx, notice: Notice): Promise<NoticeContent | undefined> {
  const kind = documentKinds.find((each) => each === notice.kind);
  if (kind === undefined) return undefined;
  const document = await documentOf(tx, notice);
  const { amount, currency, content, number } = document;
  const told = {
    amount: { amountMinor: Number(amount), currency },
    number: number == null ? undefined : documentNumber({ ...document, number }),
    attached: notice.channel === 'mail',
  };
  if (kind === 'invoice-issued') return { kind, data: told };
  return {
    kind,
    data: {
      ...told,
      kind: receiptKinds.find((each) => each === document.kind) ?? 'receipt',
      means: content.means,
    },
  };
}

function documentOf(tx: Tx, { content }: Notice): Promise<MoneyDocument> {
  return tx.findOneOrFail(MoneyDocument, { id: String(content.documentId) });
}
