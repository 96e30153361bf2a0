import { SaxesParser } from 'saxes';

export const namespace = 'http://illtransactions.org/2013/iso18626';

/** An element by its local name; `scheme` and `version` are attributes, with or without a prefix. */
export interface Element {
  readonly name: string;
  readonly namespace: string;
  readonly attributes: Readonly<Record<string, string>>;
  text: string;
  readonly children: Element[];
}

/** What stands there is no XML document that is taken here. */
export class NotXml extends Error {
  override readonly name = 'NotXml';
}

/** The schema nests seven deep and states a few hundred elements at most; what goes far beyond is an attack. */
const deepest = 20;
const most = 5_000;

/**
 * Reads a document of a few kilobytes into a tree. Nothing is expanded or fetched: a document type definition is refused, and with it every entity.
 *
 * @throws NotXml when it is not well-formed, has a document type definition, or is nested or long beyond reason
 */
export function readTree(xml: string): Element {
  const parser = new SaxesParser({ xmlns: true });
  const open: Element[] = [];
  let root: Element | undefined;
  let count = 0;
  parser.on('opentag', (tag) => {
    count += 1;
    if (open.length >= deepest || count > most) throw new NotXml('nested or long beyond reason');
    const attributes = Object.fromEntries(
      Object.values(tag.attributes).map(({ local, value }) => [local, value]),
    );
    const element = { name: tag.local, namespace: tag.uri, attributes, text: '', children: [] };
    open.at(-1)?.children.push(element);
    root ??= element;
    open.push(element);
  });
  const addText = (text: string) => {
    const element = open.at(-1);
    if (element) element.text += text;
  };
  parser.on('text', addText);
  parser.on('cdata', addText);
  parser.on('closetag', () => open.pop());
  parser.on('doctype', () => {
    throw new NotXml('a document type definition is not taken');
  });
  parser.on('error', (error) => {
    throw new NotXml(error.message);
  });
  parser.write(xml).close();
  if (!root) throw new NotXml('there is no element');
  return root;
}

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\t': '&#9;',
  '\n': '&#10;',
  '\r': '&#13;',
};

/** Text as it stands in a document; what XML cannot say at all – control characters, halves of characters – is said by U+FFFD. */
export function escaped(text: string): string {
  return (
    text
      .toWellFormed()
      // oxlint-disable-next-line no-control-regex -- these are what cannot be said
      .replaceAll(/[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/gu, '\uFFFD')
      .replaceAll(/[&<>"\t\n\r]/gu, (character) => escapes[character] ?? character)
  );
}
