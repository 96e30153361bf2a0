import { closeSync, openSync, writeSync } from 'node:fs';
import type { Format } from './arguments.ts';
import type { Rejection } from './outcome.ts';

interface RawFile {
  readonly extension: string;
  readonly start: string;
  readonly end: string;
}

const iso2709: RawFile = { extension: '.mrc', start: '', end: '' };
const xml: RawFile = {
  extension: '.xml',
  start: '<collection xmlns="http://www.loc.gov/MARC21/slim">\n',
  end: '</collection>\n',
};

const rawFiles: Partial<Record<Format, RawFile>> = {
  marc21: iso2709,
  marcxml: xml,
  'holdings-marc': iso2709,
  'holdings-marcxml': xml,
};

export interface RejectedFile {
  readonly write: (rejection: Rejection) => void;
  /** Ends the files; their names, where any were written. */
  readonly close: () => string[];
}

/** Readers' files name readers: nobody else on the machine need see them. */
const mode = 0o600;

function createWriter(path: string, start = '', end = '') {
  let descriptor: number | undefined;
  return {
    write(bytes: string | Uint8Array) {
      if (descriptor === undefined) {
        descriptor = openSync(path, 'w', mode);
        writeSync(descriptor, start);
      }
      writeSync(descriptor, typeof bytes === 'string' ? Buffer.from(bytes) : bytes);
    },
    close(): string[] {
      if (descriptor === undefined) return [];
      writeSync(descriptor, end);
      closeSync(descriptor);
      return [path];
    },
  };
}

/**
 * Writes rejected records: `path` gets one JSON object a line with the place and all reasons, and beside it, under the same name with `.mrc` or `.xml`, the
 * records themselves as they stand in the file, to be put right and imported again. Files come to be with the first rejection.
 */
export function createRejectedFile(path: string, format: Format): RejectedFile {
  const lines = createWriter(path);
  const raw = rawFiles[format];
  const records = raw && createWriter(path.replace(/(?:\.jsonl)?$/u, raw.extension), raw.start, raw.end);
  return {
    write({ raw: bytes, ...rejection }) {
      lines.write(`${JSON.stringify(rejection)}\n`);
      if (bytes?.length) {
        records?.write(bytes);
        if (format === 'marcxml') records?.write('\n');
      }
    },
    close: () => [...lines.close(), ...(records?.close() ?? [])],
  };
}
