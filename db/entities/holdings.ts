import { defineEntity, type InferEntity, p } from '@mikro-orm/core';
import type { Coverage } from '../../domain/coverage.ts';

/** That a peer has a work (I5): as a file stated it, or as a catalogue answered. */
export const IllHolding = defineEntity({
  name: 'IllHolding',
  properties: {
    id: p.uuid().primary(),
    /** The library that asks the peer. */
    library: p.string(),
    /** Names the statement, so that a file taken over twice is there once. */
    key: p.string(),
    /** The peer's code in the policy. */
    peer: p.string(),
    origin: p.string().$type<'import' | 'sru'>(),
    /** Which file or catalogue: the import's `--source`, or the catalogue's code. */
    source: p.string(),
    /** The record's number at the peer. */
    recordId: p.string().nullable(),
    title: p.text(),
    author: p.text().nullable(),
    published: p.string().nullable(),
    /** What a request is compared with: `domain/work-keys.ts`. */
    keys: p.array(),
    callNumber: p.text().nullable(),
    /** Which volumes and years of a serial; null: all of it, or nobody said. */
    coverage: p.json().$type<readonly Coverage[]>().nullable(),
    lendable: p.boolean(),
    copyable: p.boolean(),
    searchText: p.text(),
    /** When it was last stated differently, or by a catalogue at all. */
    statedAt: p.datetime(),
  },
});
export type IllHolding = InferEntity<typeof IllHolding>;

/** That a catalogue was asked for what a form wants: once for each version of the form. */
export const IllLookup = defineEntity({
  name: 'IllLookup',
  properties: {
    formId: p.uuid().primary(),
    /** The catalogue's code in the policy. */
    catalogue: p.string().primary(),
    requestId: p.uuid(),
    /** How many holdings were found; null where it could not be asked. */
    found: p.integer().nullable(),
    /** Why it could not be asked, in words for staff. */
    error: p.text().nullable(),
    lookedAt: p.datetime(),
  },
});
export type IllLookup = InferEntity<typeof IllLookup>;
