import { SaxesParser, type SaxesTagPlain } from 'saxes';

/** What a catalogue answered: `records` as XML texts, whatever way they were packed. */
export interface SruAnswer {
  /** How many there are in all; undefined where it does not say. */
  readonly total?: number;
  readonly records: readonly string[];
  /** What it found wrong with the question, in its words. */
  readonly diagnostics: readonly string[];
}

const localName = (name: string): string => name.slice(name.indexOf(':') + 1);

/** Looks at one response element by element. `text` is the innermost element's. */
function createReader(xml: string, position: () => number) {
  const path: string[] = [];
  const records: string[] = [];
  const diagnostics: string[] = [];
  let current: string[] = [];
  let total: number | undefined;
  let text = '';
  let start = 0;
  let elements = 0;
  let answered = false;

  /** Packed as XML it is the elements themselves; packed as a string their text. */
  function endRecord() {
    const inner = xml.slice(start, xml.lastIndexOf('<', position() - 1));
    const record = elements > 0 ? inner : text;
    if (record.trim() !== '') records.push(record.trim());
  }

  const closers: Readonly<Record<string, () => void>> = {
    numberOfRecords: () => (total = /^\s*\d+\s*$/u.test(text) ? Number(text) : undefined),
    recordData: endRecord,
    uri: () => current.push(text.trim()),
    message: () => current.push(text.trim()),
    details: () => current.push(text.trim()),
    diagnostic: () => {
      diagnostics.push(current.filter(Boolean).join(' – ') || 'a diagnostic without words');
      current = [];
    },
  };

  return {
    open({ name }: SaxesTagPlain) {
      const local = localName(name);
      if (path.length === 0) answered = ['searchRetrieveResponse', 'explainResponse'].includes(local);
      if (path.includes('recordData')) elements += 1;
      else text = '';
      path.push(local);
      if (local !== 'recordData') return;
      start = position();
      elements = 0;
    },
    text: (more: string) => (text += more),
    close({ name }: SaxesTagPlain) {
      path.pop();
      if (path.includes('recordData')) return;
      const local = localName(name);
      const inDiagnostic = local === 'diagnostic' || path.includes('diagnostic');
      const told = local === 'recordData' || local === 'numberOfRecords';
      if (told || inDiagnostic) closers[local]?.();
    },
    answer: (): SruAnswer | undefined =>
      answered ? { records, diagnostics, ...(total !== undefined && { total }) } : undefined,
  };
}

/**
 * Reads the response of an SRU server, version 1.1, 1.2 or 2.0, under any prefix. Entities beyond XML's own five and document types are refused: nothing is expanded, nothing is fetched.
 * Throws an `Error` in plain words for what is no such response.
 */
export function readSruResponse(given: string): SruAnswer {
  const xml = given.replace(/^\uFEFF/u, '').replaceAll('\r\n', '\n');
  const parser = new SaxesParser();
  const reader = createReader(xml, () => parser.position);
  parser.on('opentag', (element) => reader.open(element));
  parser.on('text', reader.text);
  parser.on('cdata', reader.text);
  parser.on('closetag', (element) => reader.close(element));
  parser.on('doctype', () => {
    throw new Error('The answer has a document type definition.');
  });
  parser.on('error', ({ message }) => {
    throw new Error(`The answer is no XML: ${message.replace(/^\d+:\d+: /u, '')}`);
  });
  parser.write(xml).close();
  const answer = reader.answer();
  if (!answer) throw new Error('The answer is no response of SRU.');
  return answer;
}
