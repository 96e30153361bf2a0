import type { Bounds, Cleaned, Faulty } from './cleaned.ts';
import { createGate } from './gate.ts';
import { type DocumentType, documentType } from './document.ts';
import { kindOf } from './kind.ts';
import { cleanPdf, pdfFault } from './pdf.ts';
import { cleanPicture, pictureFault } from './picture.ts';
import type { Scanner } from './scanner.ts';

/** What comes of an upload; `scanner-unavailable` and `busy`: nothing yet, it may be sent again. */
export type Intake = Cleaned | Faulty | { readonly later: 'scanner-unavailable' | 'busy' };

/** A file that is kept as it is. */
export interface KeptAsIs {
  readonly mediaType: DocumentType;
}

export interface Uploads {
  readonly take: (bytes: Buffer, bounds: Bounds) => Promise<Intake>;
  /** Takes a document that a librarian sends, or a supplier offers (I14): told by its bytes, looked at by the scanner, opened, and kept as it is. */
  readonly keep: (bytes: Buffer) => Promise<KeptAsIs | Exclude<Intake, Cleaned>>;
}

/** A delivered document is a book at most; it is opened, not drawn. */
const opening: Bounds = { maxPages: 5000, withinMs: 20_000 };

/** Takes what is uploaded (P4, P5): told by its bytes, looked at by the scanner, and drawn anew. Two at once; twenty wait. */
export function createUploads({ scanner }: { readonly scanner: Scanner }): Uploads {
  const gate = createGate({ atOnce: 2, waiting: 20 });

  const take = async (bytes: Buffer, bounds: Bounds): Promise<Intake> => {
    const kind = kindOf(bytes);
    if (kind === undefined) return { fault: 'upload-kind-unknown' };
    const verdict = await scanner.scan(bytes);
    if (verdict === 'unavailable') return { later: 'scanner-unavailable' };
    if (verdict === 'infected') return { fault: 'upload-infected' };
    return kind === 'pdf' ? cleanPdf(bytes, bounds) : cleanPicture(bytes, kind, bounds);
  };

  const keep = async (bytes: Buffer): Promise<KeptAsIs | Exclude<Intake, Cleaned>> => {
    const mediaType = documentType(bytes);
    if (mediaType === undefined) return { fault: 'upload-kind-unknown' };
    const verdict = await scanner.scan(bytes);
    if (verdict === 'unavailable') return { later: 'scanner-unavailable' };
    if (verdict === 'infected') return { fault: 'upload-infected' };
    const fault = await (mediaType === 'application/pdf'
      ? pdfFault(bytes, opening)
      : pictureFault(bytes, opening));
    return fault ?? { mediaType };
  };

  return {
    keep: async (bytes) => {
      const kept = await gate.pass(() => keep(bytes));
      return kept === 'busy' ? { later: 'busy' } : kept;
    },
    take: async (bytes, bounds) => {
      const taken = await gate.pass(() => take(bytes, bounds));
      return taken === 'busy' ? { later: 'busy' } : taken;
    },
  };
}
