import type { Coverage } from '../domain/coverage.ts';
import { coverageOfText } from '../domain/coverage-text.ts';
import { keysOfHolding } from '../domain/work-keys.ts';
import type { CatalogueRecord } from './catalogue-record.ts';
import type { HoldingRecord, Whose } from './holding-record.ts';
import { subfieldsOf, type MarcField, type MarcRecord } from './marc-record.ts';
import { plain, shortened } from './marc-text.ts';
import { toCatalogueRecord } from './marc-title.ts';

/** Where a record says who has it. */
export interface HolderFields {
  readonly tag: string;
  readonly agency: string;
  /** Subfields of the call number, in this order. */
  readonly callNumber: string;
}

/** MARC 21: the location of field 852. */
export const usualHolders: HolderFields = { tag: '852', agency: 'a', callNumber: 'khijm' };

const longestCallNumber = 200;

interface Place {
  readonly peer: string;
  readonly field: MarcField | undefined;
  readonly coverage: (readonly Coverage[])[];
}

type Made = { readonly ok: readonly HoldingRecord[] } | { readonly reasons: readonly string[] };

/**
 * What a MARC 21 record says about who has it: field 852 (or another) for each library, and 866 behind it for what there is of a serial. With `whose.peer` everything is this peer's,
 * and a record without 852 is held as a whole. Holdings of the library itself are no peer's and are left out.
 */
export function toHoldings(record: MarcRecord, whose: Whose, fields: HolderFields = usualHolders): Made {
  const described = toCatalogueRecord(record);
  if ('reasons' in described) return { reasons: described.reasons };
  const { places, unknown } = placesOf(record, whose, fields);
  if (places.length === 0) return { reasons: [nobody(unknown, fields)] };
  return { ok: merged(places).map((each) => holding(described.ok, each, fields)) };
}

function nobody(unknown: readonly string[], { tag, agency }: HolderFields): string {
  if (unknown.length === 0) return `no peer has it (${tag})`;
  return `${tag} $${agency}: no peer is called ${[...new Set(unknown)].slice(0, 5).join(', ')}`;
}

/** An 866 belongs to the library its $5 names, else to the 852 before it. */
function placesOf({ fields }: MarcRecord, whose: Whose, holder: HolderFields) {
  const places: Place[] = [];
  const unknown: string[] = [];
  let current: Place | undefined;
  for (const field of fields) {
    if (field.tag === holder.tag) {
      const agency = plain(subfieldsOf(field, holder.agency)[0] ?? '');
      const peer = whose.peer ?? whose.named.get(agency.toUpperCase());
      current = peer ? { peer, field, coverage: [] } : undefined;
      if (current) places.push(current);
      else if (peer === undefined && agency !== '') unknown.push(agency);
    }
    if (field.tag === '866') ownerOf(field, whose, places, current)?.coverage.push(...runsOf(field));
  }
  if (places.length > 0 || whose.peer === undefined) return { places, unknown };
  const coverage = fields.filter(({ tag }) => tag === '866').flatMap(runsOf);
  return { places: [{ peer: whose.peer, field: undefined, coverage }], unknown };
}

function ownerOf(field: MarcField, { named }: Whose, places: readonly Place[], current: Place | undefined) {
  const [institution] = subfieldsOf(field, '5');
  if (institution === undefined) return current;
  const peer = named.get(plain(institution).toUpperCase());
  return places.findLast((each) => each.peer === peer);
}

function runsOf(field: MarcField): (readonly Coverage[])[] {
  return subfieldsOf(field, 'a').flatMap((text) => {
    const runs = coverageOfText(plain(text));
    return runs ? [runs] : [];
  });
}

/** One holding a library, however many copies it has. */
function merged(places: readonly Place[]): readonly Place[] {
  const byPeer = Map.groupBy(places, ({ peer }) => peer);
  return [...byPeer].map(([peer, all]) => ({
    peer,
    field: all[0]?.field,
    coverage: all.flatMap(({ coverage }) => coverage),
  }));
}

function holding(
  { controlNumber, title, author, published, isbns, issns, searchText }: CatalogueRecord,
  { peer, field, coverage }: Place,
  { callNumber }: HolderFields,
): HoldingRecord {
  const runs = coverage.flat();
  const mark = field
    ? Array.from(callNumber)
        .flatMap((code) => subfieldsOf(field, code))
        .map(plain)
        .filter(Boolean)
        .join(' ')
    : '';
  return {
    key: `${peer}/marc/${controlNumber}`,
    peer,
    recordId: controlNumber,
    title,
    author,
    published,
    keys: keysOfHolding({ title, author, isbns, issns }),
    callNumber: shortened(mark, longestCallNumber) || null,
    coverage: runs.length > 0 ? runs : null,
    lendable: true,
    copyable: true,
    searchText,
  };
}
