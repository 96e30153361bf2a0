import { v7 as uuid } from 'uuid';
import type { Store } from './batch.ts';
import type { CatalogueRecord } from './catalogue-record.ts';
import { upsert, type Target } from './upsert.ts';

const target: Target = {
  table: 'title',
  key: 'control_number',
  columns: {
    id: 'uuid',
    control_number: 'text',
    kind: 'text',
    title: 'text',
    title_romanised: 'text',
    sort_key: 'text',
    author: 'text',
    publisher: 'text',
    published: 'text',
    language: 'text',
    isbns: 'text[]',
    issns: 'text[]',
    search_text: 'text',
    created_at: 'timestamptz',
  },
  kept: ['id', 'created_at'],
};

/** Titles by control number. A title that the file no longer has stays: an import deletes nothing. */
export const storeTitles: Store<CatalogueRecord> = async (tx, batch, { library, now }) => {
  const rows = batch.map(({ ok }) => ({
    id: uuid(),
    control_number: ok.controlNumber,
    kind: ok.kind,
    title: ok.title,
    title_romanised: ok.titleRomanised,
    sort_key: ok.sortKey,
    author: ok.author,
    publisher: ok.publisher,
    published: ok.published,
    language: ok.language,
    isbns: ok.isbns,
    issns: ok.issns,
    search_text: ok.searchText,
    created_at: now,
  }));
  return { counts: await upsert(tx, target, library, rows), rejected: [] };
};
