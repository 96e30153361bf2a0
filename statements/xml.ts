import { SaxesParser, type SaxesTagPlain } from 'saxes';
import { decode, withFirst } from './decode.ts';
import { Unreadable } from './mistakes.ts';

/** An element with its local name; `currency` is its `Ccy`. */
export interface Element {
  readonly name: string;
  readonly line: number;
  readonly currency: string | undefined;
  text: string;
  readonly children: Element[];
}

/** What is told of a document while it is read; paths are local names from the root, `Document/BkToCstmrStmt/Stmt`. */
export interface Listener {
  readonly root: (name: string, namespace: string | undefined, line: number) => void;
  /** Whether an element is to be collected whole, with all that is in it. */
  readonly collects: (path: string) => boolean;
  readonly opened: (path: string, line: number) => void;
  readonly collected: (path: string, element: Element) => void;
  readonly closed: (path: string) => void;
}

/** camt nests some fifteen deep. */
const deepest = 60;

const local = (name: string) => name.slice(name.indexOf(':') + 1);

function namespaceOf({ name, attributes }: SaxesTagPlain): string | undefined {
  const prefix = name.includes(':') ? `:${name.slice(0, name.indexOf(':'))}` : '';
  return attributes[`xmlns${prefix}`];
}

function createHandlers(parser: SaxesParser<object>, listener: Listener) {
  const path: string[] = [];
  const open: Element[] = [];

  return {
    opened: (tag: SaxesTagPlain) => {
      const name = local(tag.name);
      const { line } = parser;
      if (path.length === 0) listener.root(name, namespaceOf(tag), line);
      path.push(name);
      if (path.length > deepest) throw new Unreadable({ code: 'xml-deep', line });
      const parent = open.at(-1);
      if (parent || listener.collects(path.join('/'))) {
        const element = { name, line, currency: tag.attributes['Ccy'], text: '', children: [] };
        parent?.children.push(element);
        open.push(element);
      } else listener.opened(path.join('/'), line);
    },
    text: (text: string) => {
      const element = open.at(-1);
      if (element) element.text += text;
    },
    closed: () => {
      const element = open.pop();
      if (!element) listener.closed(path.join('/'));
      else if (open.length === 0) listener.collected(path.join('/'), element);
      path.pop();
    },
  };
}

const plain = (message: string) => message.replace(/^\d+:\d+: /u, '').replace(/\.$/u, '');

/**
 * Reads XML as it comes, whatever its size: only what the listener collects is kept. A document type definition is refused and nothing is expanded or fetched;
 * throws `Unreadable` for it, for what is not well-formed, and for another encoding than the document states.
 */
export async function readXml(chunks: AsyncIterable<Uint8Array>, listener: Listener): Promise<void> {
  const parser = new SaxesParser();
  const handlers = createHandlers(parser, listener);
  parser.on('opentag', handlers.opened);
  parser.on('text', handlers.text);
  parser.on('cdata', handlers.text);
  parser.on('closetag', handlers.closed);
  parser.on('doctype', () => {
    throw new Unreadable({ code: 'xml-doctype', line: parser.line });
  });
  parser.on('error', (error) => {
    throw new Unreadable({ code: 'xml-malformed', line: parser.line, value: plain(error.message) });
  });
  for await (const text of xmlText(chunks)) parser.write(text);
  parser.close();
}

/** Text in the encoding that the document states for itself: by its mark, or in its first line; UTF-8 otherwise. */
async function* xmlText(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const iterator = chunks[Symbol.asyncIterator]();
  const first = await iterator.next();
  if (first.done === true) throw new Unreadable({ code: 'empty', line: 1 });
  const start = Buffer.from(first.value.subarray(0, 200)).toString('latin1');
  const stated = /^[^<]*<\?xml[^>]*?encoding\s*=\s*["']([\w-]+)/u.exec(start)?.[1] ?? 'utf-8';
  const marked = /^\u00FF\u00FE|^<\0/u.test(start) ? 'utf-16le' : stated;
  yield* decode(withFirst(first.value, iterator), marked);
}
