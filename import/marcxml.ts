import { SaxesParser, type SaxesTagPlain } from 'saxes';
import type { Decoded, MarcField } from './marc-record.ts';

const strictUtf8 = new TextDecoder('utf-8', { fatal: true });

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}

/** Builds a record from the elements as they come; `text` is the text of the innermost element. */
function createBuilder() {
  const fields: MarcField[] = [];
  const reasons = new Set<string>();
  let leader = '';
  let tag: string | undefined;
  let indicators = '';
  let code: string | undefined;
  let subfields: [string, string][] = [];
  let text = '';

  function openField(attributes: Record<string, string>) {
    tag = attributes['tag'];
    indicators = (attributes['ind1'] ?? ' ') + (attributes['ind2'] ?? ' ');
    subfields = [];
    if (tag === undefined) reasons.add('a field has no tag');
  }

  const closers: Record<string, () => void> = {
    leader: () => (leader = text),
    controlfield: () => fields.push({ tag: tag ?? '', value: text, indicators: '', subfields: [] }),
    subfield: () => subfields.push([code ?? '', text]),
    datafield: () => fields.push({ tag: tag ?? '', indicators, subfields }),
  };

  return {
    open({ name, attributes }: SaxesTagPlain) {
      const element = localName(name);
      text = '';
      if (element === 'controlfield' || element === 'datafield') openField(attributes);
      if (element === 'subfield') code = attributes['code'];
    },
    text: (more: string) => (text += more),
    close: ({ name }: SaxesTagPlain) => closers[localName(name)]?.(),
    fail: (reason: string) => reasons.add(reason),
    result: (): Decoded => (reasons.size > 0 ? { reasons: [...reasons] } : { record: { leader, fields } }),
  };
}

/** `1:23: unclosed tag: subfield.` – the place is in the record, not in the file, and of no use to a person. */
function wellFormedness(error: Error): string {
  return `it is not well-formed XML: ${error.message.replace(/^\d+:\d+: /u, '').replace(/\.$/u, '')}`;
}

/**
 * Reads one `record` element of MARCXML, with or without a namespace prefix. Entities other than XML's own five are unknown and so refused: nothing is
 * expanded, nothing is fetched.
 */
export function decodeMarcxml(raw: Buffer): Decoded {
  let xml: string;
  try {
    xml = strictUtf8.decode(raw);
  } catch {
    return { reasons: ['the record is not valid UTF-8'] };
  }
  const builder = createBuilder();
  const parser = new SaxesParser();
  parser.on('opentag', (element) => builder.open(element));
  parser.on('text', builder.text);
  parser.on('cdata', builder.text);
  parser.on('closetag', builder.close);
  parser.on('doctype', () => builder.fail('it has a document type definition'));
  parser.on('error', (error) => builder.fail(wellFormedness(error)));
  parser.write(xml).close();
  return builder.result();
}
