import { Unreadable } from './mistakes.ts';

/** One field of a message: its tag, its text with the lines it goes on over, and the line it begins on. */
export interface Field {
  readonly tag: string;
  readonly text: string;
  readonly line: number;
}

const tagged = /^:(\d{2}[A-Z]?|NS):(.*)$/u;
/** What stands around a message: block headers, the end of the text block, page separators. */
const envelope = /^(?:\{[1235]:.*|-\}?.*|\p{Cc})$/u;
const textBlock = /^.*\{4:/u;

/**
 * Cuts SWIFT MT940 into its messages, each a list of fields: with or without the blocks around them, any line ends. A line that begins with no tag belongs to the field
 * before it. Throws `Unreadable` when there is no `:20:` at all.
 */
export function mt940Messages(text: string): Field[][] {
  const messages: Field[][] = [];
  const lines = text.replace(/^\uFEFF/u, '').split(/\r\n|\n|\r/u);
  lines.forEach((whole, index) => {
    const line = whole.replace(textBlock, '');
    if (line.trim() === '' || envelope.test(line)) return;
    const [, tag, rest = ''] = tagged.exec(line) ?? [];
    if (tag === '20') messages.push([]);
    const message = messages.at(-1);
    if (tag !== undefined) message?.push({ tag, text: rest, line: index + 1 });
    else continueField(message, line);
  });
  if (messages.length === 0) throw new Unreadable({ code: 'mt940-unknown', line: 1 });
  return messages;
}

function continueField(message: Field[] | undefined, line: string): void {
  const last = message?.pop();
  if (last) message?.push({ ...last, text: `${last.text}\n${line}` });
}
