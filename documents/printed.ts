import type { DocumentRow } from '../db/queries/documents.ts';
import type { LibraryPolicy } from '../domain/policy.ts';
import type { Texts } from '../notices/texts.ts';
import { printDocument } from './money-document.ts';

/** Prints a document from its row, as PDF. */
export function printedDocument(texts: Texts, policy: LibraryPolicy, row: DocumentRow): Promise<Buffer> {
  const { party, title, taxId, issuedAt } = row;
  const addressee = party === null ? undefined : { party, title: title ?? '', taxId: taxId ?? undefined };
  return printDocument(texts, policy, { ...row, issuedAt: new Date(issuedAt), addressee });
}
