import type { CatalogueRecord } from './catalogue-record.ts';
import type { Frame } from './frames.ts';
import { iso2709Frames } from './iso2709-frames.ts';
import { decodeIso2709 } from './iso2709.ts';
import type { Decoded, MarcRecord } from './marc-record.ts';
import { toCatalogueRecord } from './marc-title.ts';
import { marcxmlFrames } from './marcxml-frames.ts';
import { decodeMarcxml } from './marcxml.ts';
import type { Outcome, Rejection } from './outcome.ts';

export type MarcFormat = 'marc21' | 'marcxml';

interface Codec {
  readonly frames: (chunks: AsyncIterable<Uint8Array>) => AsyncIterable<Frame>;
  readonly decode: (raw: Buffer) => Decoded;
}

const codecs: Record<MarcFormat, Codec> = {
  marc21: { frames: iso2709Frames, decode: decodeIso2709 },
  marcxml: { frames: marcxmlFrames, decode: decodeMarcxml },
};

/** One record of a file with its place in it, or why it cannot be read. */
export type ReadRecord =
  | { readonly position: number; readonly record: MarcRecord; readonly raw: Uint8Array }
  | { readonly rejected: Rejection };

/**
 * Reads MARC 21 records, UTF-8, from ISO 2709 or MARCXML, one by one: memory does not grow with the file. Throws `UnusableFile` when the file is not of this format at all.
 */
export async function* readMarcRecords(
  chunks: AsyncIterable<Uint8Array>,
  format: MarcFormat,
): AsyncGenerator<ReadRecord> {
  const { frames, decode } = codecs[format];
  let position = 0;
  for await (const { raw, problem } of frames(chunks)) {
    position += 1;
    const decoded = problem === undefined ? decode(raw) : { reasons: [problem] };
    if ('record' in decoded) yield { position, record: decoded.record, raw };
    else yield { rejected: { position, reasons: decoded.reasons, raw } };
  }
}

/**
 * Reads titles, one by one. Each record is either a catalogue record or rejected with every reason; a rejected one never stops the rest. Two records with one control number are
 * not both taken: the second is rejected, so that importing a file twice ends where importing it once does. Throws `UnusableFile` when the file is not of this format at all.
 */
export async function* readMarc(
  chunks: AsyncIterable<Uint8Array>,
  format: MarcFormat,
): AsyncGenerator<Outcome<CatalogueRecord>> {
  const seen = new Map<string, number>();
  for await (const read of readMarcRecords(chunks, format)) {
    if ('rejected' in read) {
      yield read;
      continue;
    }
    const { position, raw } = read;
    const described = toCatalogueRecord(read.record);
    if (!('ok' in described)) {
      const { controlNumber, reasons } = described;
      yield { rejected: { position, reasons, raw, ...(controlNumber && { controlNumber }) } };
      continue;
    }
    const { controlNumber } = described.ok;
    const first = seen.get(controlNumber);
    if (first === undefined) {
      seen.set(controlNumber, position);
      yield { ok: described.ok, position };
    } else {
      const reasons = [`record ${first} of this file has the same control number`];
      yield { rejected: { position, controlNumber, reasons, raw } };
    }
  }
}
