import { createStatement, type StatementBuilder } from './camt-statement.ts';
import { textAt } from './camt-values.ts';
import { createMistakes, type Mistakes, Unreadable } from './mistakes.ts';
import type { Parsed, ParsedStatement } from './model.ts';
import { type Element, type Listener, readXml } from './xml.ts';

const message = 'Document/BkToCstmrStmt';
const statement = `${message}/Stmt`;
const namespace = /^urn:iso:std:iso:20022:tech:xsd:camt\.053\.001\.(\d{2})$/u;
/** Versions whose differences are known here. */
const versions = ['02', '04', '08'];

function checkRoot(name: string, stated: string | undefined, line: number): void {
  const version = namespace.exec(stated ?? '')?.[1];
  if (name !== 'Document' || version === undefined)
    throw new Unreadable({ code: 'camt-unknown', line, value: stated ?? name });
  if (!versions.includes(version))
    throw new Unreadable({ code: 'camt-version', line, value: version, expected: versions.join(', ') });
}

function createListener(mistakes: Mistakes, statements: ParsedStatement[]) {
  let builder: StatementBuilder | undefined;
  let page: number | null = null;
  let seen = 0;

  const listener: Listener = {
    root: checkRoot,
    collects: (path) => path === `${message}/GrpHdr` || path.startsWith(`${statement}/`),
    opened(path, line) {
      if (path !== statement) return;
      seen += 1;
      builder = createStatement({ path: `Stmt[${seen}]`, mistakes }, line, page);
    },
    collected(path, element: Element) {
      if (path === `${message}/GrpHdr`) page = Number(textAt(element, 'MsgPgntn/PgNb')) || null;
      else builder?.take(element);
    },
    closed(path) {
      if (path !== statement) return;
      const result = builder?.result();
      if (result) statements.push(result);
    },
  };
  return { listener, seen: () => seen };
}

/**
 * Reads ISO 20022 camt.053 (P9), versions 02, 04 and 08, with any prefix for its namespace, entry by entry: what is in memory is the entries as Carrel keeps them. Every
 * mistake is told with line and path; a DTD is refused. Sums and currencies are checked by `checkStatement`.
 */
export async function parseCamt(chunks: AsyncIterable<Uint8Array>): Promise<Parsed> {
  const mistakes = createMistakes();
  const statements: ParsedStatement[] = [];
  const { listener, seen } = createListener(mistakes, statements);
  try {
    await readXml(chunks, listener);
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    mistakes.add(error.mistake);
    return { mistakes: mistakes.list() };
  }
  if (seen() === 0) mistakes.add({ code: 'statement-missing', line: 1, path: 'BkToCstmrStmt/Stmt' });
  return mistakes.some() ? { mistakes: mistakes.list() } : { statements };
}
