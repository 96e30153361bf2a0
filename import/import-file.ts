import { createReadStream, statSync } from 'node:fs';
import type { MikroORM } from '@mikro-orm/postgresql';
import type { LibraryPolicy } from '../domain/policy.ts';
import type { RecordFormat } from './arguments.ts';
import { isHoldings, readHoldings, type HoldingsFormat } from './holdings.ts';
import { itemRows } from './item-rows.ts';
import { readMarc } from './marc.ts';
import type { Rejection } from './outcome.ts';
import { readerRows } from './reader-rows.ts';
import { readRows } from './rows.ts';
import { importRecords, type ImportRun, type Summary } from './run.ts';
import { removeUnstated, storeHoldings } from './store-holdings.ts';
import { storeItems } from './store-items.ts';
import { storeReaders } from './store-readers.ts';
import { storeTitles } from './store-titles.ts';
import { whose } from './whose.ts';

export interface FileImport {
  readonly orm: MikroORM;
  readonly policy: LibraryPolicy;
  readonly format: RecordFormat;
  readonly file: string;
  readonly now: Date;
  /** Of holdings: whose, from where, and whether what is not stated any more is removed. */
  readonly peer?: string;
  readonly source?: string;
  readonly complete?: boolean;
  readonly onRejected?: (rejection: Rejection) => void;
  /** `share` of the file has been read, 0 to 1. */
  readonly onProgress?: (soFar: Summary, share: number) => void;
}

type Common = Omit<ImportRun<never>, 'records' | 'store'>;

async function runHoldings(
  format: HoldingsFormat,
  chunks: AsyncIterable<Uint8Array>,
  given: FileImport,
  common: Common,
): Promise<Summary> {
  const { policy, peer, source = format, complete = false } = given;
  const stated = new Map<string, number>();
  const records = readHoldings(chunks, format, whose(policy, peer), stated);
  const summary = await importRecords({ ...common, records, store: storeHoldings(source) });
  if (!complete) return summary;
  const scope = { library: policy.code, source, peer };
  const all = { ...summary, removed: await removeUnstated(common.orm, scope, new Set(stated.keys())) };
  common.onProgress?.(all);
  return all;
}

function runFormat(
  format: Exclude<RecordFormat, HoldingsFormat>,
  chunks: AsyncIterable<Uint8Array>,
  policy: LibraryPolicy,
  common: Common,
): Promise<Summary> {
  if (format === 'items')
    return importRecords({ ...common, records: readRows(chunks, itemRows(policy)), store: storeItems });
  if (format === 'readers')
    return importRecords({
      ...common,
      records: readRows(chunks, readerRows(policy)),
      store: storeReaders(policy.language),
    });
  return importRecords({ ...common, records: readMarc(chunks, format), store: storeTitles });
}

/**
 * Imports one file into a library. Doing it again changes nothing. Throws `UnusableFile` when the file is not what the format says – what was read before
 * that is stored in whole batches – and what the file system or the database throws.
 */
export async function importFile(given: FileImport): Promise<Summary> {
  const { orm, policy, format, file, now } = given;
  const { size } = statSync(file);
  const stream = createReadStream(file);
  const common: Common = {
    orm,
    library: policy.code,
    now,
    onRejected: given.onRejected ?? (() => {}),
    onProgress: (soFar) => given.onProgress?.(soFar, size === 0 ? 1 : stream.bytesRead / size),
  };
  try {
    if (isHoldings(format)) return await runHoldings(format, stream, given, common);
    return await runFormat(format, stream, policy, common);
  } finally {
    stream.destroy();
  }
}
