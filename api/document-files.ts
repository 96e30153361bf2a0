import type { DocumentRow } from '../db/queries/documents.ts';
import { documentNumber } from '../domain/documents.ts';
import type { ApiDeps } from './deps.ts';
import { fileBytes } from './files.ts';

/** How a route describes an answer that is a PDF. */
export const pdfResponse = {
  description: 'The file.',
  body: fileBytes,
  mediaType: 'application/pdf',
  headers: { 'Content-Disposition': 'A name for the file.' },
} as const;

/** A PDF as a reply: to be saved, never shown within the site. `name` has letters, digits, dots and hyphens. */
export function pdfReply(bytes: Buffer, name: string) {
  return {
    status: 200 as const,
    headers: {
      'Content-Type': 'application/pdf',
      'Content-Disposition': `attachment; filename="${name}.pdf"`,
      'Content-Security-Policy': "sandbox; default-src 'none'",
    },
    body: bytes,
  };
}

/** A document as a PDF, printed from its row. */
export async function documentReply({ printer, policies }: ApiDeps, row: DocumentRow) {
  return pdfReply(await printer.document(policies.get(row.library), row), documentNumber(row));
}
