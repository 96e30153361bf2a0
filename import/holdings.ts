import type { RecordFormat } from './arguments.ts';
import type { HoldingRecord, Whose } from './holding-record.ts';
import { readKbart } from './kbart.ts';
import { type MarcFormat, readMarcRecords } from './marc.ts';
import { toHoldings } from './marc-holdings.ts';
import type { Outcome } from './outcome.ts';

export type HoldingsFormat = Extract<RecordFormat, 'holdings-marc' | 'holdings-marcxml' | 'kbart'>;

const marcFormats: Readonly<Record<Exclude<HoldingsFormat, 'kbart'>, MarcFormat>> = {
  'holdings-marc': 'marc21',
  'holdings-marcxml': 'marcxml',
};

export function isHoldings(format: RecordFormat): format is HoldingsFormat {
  return format === 'kbart' || format in marcFormats;
}

async function* fromMarc(
  chunks: AsyncIterable<Uint8Array>,
  format: MarcFormat,
  whose: Whose,
): AsyncGenerator<Outcome<HoldingRecord>> {
  for await (const read of readMarcRecords(chunks, format)) {
    if ('rejected' in read) {
      yield read;
      continue;
    }
    const { position, record, raw } = read;
    const made = toHoldings(record, whose);
    if ('reasons' in made) yield { rejected: { position, reasons: made.reasons, raw } };
    else for (const ok of made.ok) yield { ok, position };
  }
}

/** Reads who has what, one statement by one; the second of two that are named alike is rejected, so that taking a file over twice ends where once does. `stated` collects their names. */
export async function* readHoldings(
  chunks: AsyncIterable<Uint8Array>,
  format: HoldingsFormat,
  whose: Whose,
  stated: Map<string, number>,
): AsyncGenerator<Outcome<HoldingRecord>> {
  const all =
    format === 'kbart' ? readKbart(chunks, whose.peer ?? '') : fromMarc(chunks, marcFormats[format], whose);
  for await (const each of all) {
    const first = 'ok' in each ? stated.get(each.ok.key) : undefined;
    if ('ok' in each && first === undefined) stated.set(each.ok.key, each.position);
    if (first === undefined || !('ok' in each)) yield each;
    else {
      const reasons = [`record ${first} of this file states the same`];
      yield { rejected: { position: each.position, reasons } };
    }
  }
}
