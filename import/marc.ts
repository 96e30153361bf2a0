import type { CatalogueRecord } from './catalogue-record.ts';
import type { Frame } from './frames.ts';
import { iso2709Frames } from './iso2709-frames.ts';
import { decodeIso2709 } from './iso2709.ts';
import type { Decoded } from './marc-record.ts';
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

function read(frame: Frame, decode: Codec['decode']): { ok: CatalogueRecord } | Omit<Rejection, 'position'> {
  if (frame.problem) return { reasons: [frame.problem], raw: frame.raw };
  const decoded = decode(frame.raw);
  if ('reasons' in decoded) return { reasons: decoded.reasons, raw: frame.raw };
  const described = toCatalogueRecord(decoded.record);
  if ('ok' in described) return described;
  const { controlNumber, reasons } = described;
  return { reasons, raw: frame.raw, ...(controlNumber && { controlNumber }) };
}

/**
 * Reads MARC 21 bibliographic records, UTF-8, from ISO 2709 or MARCXML, one by one: memory does not grow with the file. Each record is either a
 * catalogue record or rejected with every reason; a rejected one never stops the rest. Two records with one control number are not both taken:
 * the second is rejected, so that importing a file twice ends where importing it once does. Throws `UnusableFile` when the file is not of this
 * format at all.
 */
export async function* readMarc(
  chunks: AsyncIterable<Uint8Array>,
  format: MarcFormat,
): AsyncGenerator<Outcome<CatalogueRecord>> {
  const { frames, decode } = codecs[format];
  const seen = new Map<string, number>();
  let position = 0;
  for await (const frame of frames(chunks)) {
    position += 1;
    const outcome = read(frame, decode);
    if (!('ok' in outcome)) {
      yield { rejected: { position, ...outcome } };
      continue;
    }
    const { controlNumber } = outcome.ok;
    const first = seen.get(controlNumber);
    if (first === undefined) {
      seen.set(controlNumber, position);
      yield { ok: outcome.ok, position };
    } else {
      const reasons = [`record ${first} of this file has the same control number`];
      yield { rejected: { position, controlNumber, reasons, raw: frame.raw } };
    }
  }
}
