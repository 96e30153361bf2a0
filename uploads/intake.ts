import type { Bounds, Cleaned, Faulty } from './cleaned.ts';
import { createGate } from './gate.ts';
import { kindOf } from './kind.ts';
import { cleanPdf } from './pdf.ts';
import { cleanPicture } from './picture.ts';
import type { Scanner } from './scanner.ts';

/** What comes of an upload; `scanner-unavailable` and `busy`: nothing yet, it may be sent again. */
export type Intake = Cleaned | Faulty | { readonly later: 'scanner-unavailable' | 'busy' };

export interface Uploads {
  readonly take: (bytes: Buffer, bounds: Bounds) => Promise<Intake>;
}

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

  return {
    take: async (bytes, bounds) => {
      const taken = await gate.pass(() => take(bytes, bounds));
      return taken === 'busy' ? { later: 'busy' } : taken;
    },
  };
}
