import { SaxesParser } from 'saxes';
import type { CataloguePolicy } from '../../domain/policy-suppliers.ts';
import { isbnForms, issn, normalise } from '../../domain/text.ts';
import { keysOfHolding } from '../../domain/work-keys.ts';
import type { HoldingRecord, Whose } from '../../import/holding-record.ts';
import { toHoldings } from '../../import/marc-holdings.ts';
import { decodeMarcxml } from '../../import/marcxml.ts';

const localName = (name: string): string => name.slice(name.indexOf(':') + 1);

type Elements = ReadonlyMap<string, readonly string[]>;

/** The elements of a flat record such as Dublin Core with their texts; nothing of what is no XML. */
function elementsOf(xml: string): Elements {
  const found = new Map<string, string[]>();
  const parser = new SaxesParser();
  let text = '';
  let broken = false;
  parser.on('opentag', () => (text = ''));
  parser.on('text', (more) => (text += more));
  parser.on('cdata', (more) => (text += more));
  parser.on('closetag', ({ name }) => {
    const values = found.get(localName(name)) ?? [];
    if (text.trim() !== '') found.set(localName(name), [...values, text.trim()]);
    text = '';
  });
  parser.on('doctype', () => (broken = true));
  parser.on('error', () => (broken = true));
  parser.write(xml).close();
  return broken ? new Map() : found;
}

/** Dublin Core says nothing of who has it: it is the catalogue's own. */
function fromDublinCore(xml: string, peer: string): HoldingRecord[] {
  const elements = elementsOf(xml);
  const first = (name: string) => elements.get(name)?.[0];
  const title = first('title');
  if (title === undefined) return [];
  const author = first('creator') ?? null;
  const identifiers = elements.get('identifier') ?? [];
  const isbns = identifiers.flatMap((text) => isbnForms(text)[0] ?? []);
  const issns = identifiers.flatMap((text) => issn(text.replace(/^urn:issn:/iu, '')) ?? []);
  const recordId = identifiers.find((text) => isbnForms(text).length === 0 && !issn(text)) ?? null;
  return [
    {
      key: [title, ...identifiers].join('|').slice(0, 400),
      peer,
      recordId,
      title,
      author,
      published: first('date') ?? null,
      keys: keysOfHolding({ title, author, isbns, issns }),
      callNumber: null,
      coverage: null,
      lendable: true,
      copyable: true,
      searchText: normalise([title, author ?? ''].join(' ')),
    },
  ];
}

/** What a catalogue's record says about who has it; nothing where it cannot be read, or where nobody we know has it. Keys are the catalogue's own. */
export function holdingsIn(xml: string, catalogue: CataloguePolicy, whose: Whose): readonly HoldingRecord[] {
  const named = (record: HoldingRecord): HoldingRecord => ({
    ...record,
    key: `${record.peer}/sru/${catalogue.code}/${record.recordId ?? record.key}`,
  });
  if (!/<(?:[\w.-]+:)?leader[\s>]/u.test(xml))
    return catalogue.peer === undefined ? [] : fromDublinCore(xml, catalogue.peer).map(named);
  const decoded = decodeMarcxml(Buffer.from(xml));
  if ('reasons' in decoded) return [];
  const made = toHoldings(decoded.record, whose, catalogue.holders);
  return 'ok' in made ? made.ok.map(named) : [];
}
