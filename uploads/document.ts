import { kindOf } from './kind.ts';

const types = {
  pdf: 'application/pdf',
  jpeg: 'image/jpeg',
  png: 'image/png',
  webp: 'image/webp',
} as const;

export type DocumentType = (typeof types)[keyof typeof types] | 'image/tiff';

const tiffs = ['II*\0', 'MM\0*', 'II+\0', 'MM\0+'];

/** What a document is by its first bytes (I14): a PDF, or scanned pages as pictures. Undefined: none of those that are delivered. */
export function documentType(bytes: Buffer): DocumentType | undefined {
  if (tiffs.includes(bytes.toString('latin1', 0, 4))) return 'image/tiff';
  const kind = kindOf(bytes);
  return kind && types[kind];
}

const endings: Readonly<Record<string, string>> = {
  'application/pdf': 'pdf',
  'image/jpeg': 'jpg',
  'image/png': 'png',
  'image/webp': 'webp',
  'image/tiff': 'tif',
};

/** The ending of a file's name, for what is saved. */
export const endingOf = (mediaType: string): string => endings[mediaType] ?? 'bin';
