import { UnusableFile } from './outcome.ts';

const longestLine = 100_000;

export interface Line {
  readonly text: string;
  /** Counted from 1. */
  readonly number: number;
}

function checkStart(bytes: Uint8Array): void {
  const [first, second] = bytes;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff))
    throw new UnusableFile('The file is UTF-16; save it as UTF-8.');
}

/** A text file's lines, one by one, with any line ends: memory does not grow with the file. What is no UTF-8 becomes U+FFFD. Throws `UnusableFile` for UTF-16 and for a line that never ends. */
export async function* lines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Line> {
  const decoder = new TextDecoder('utf-8');
  let rest = '';
  let number = 0;
  for await (const chunk of chunks) {
    if (number === 0 && rest === '') checkStart(chunk);
    const parts = (rest + decoder.decode(chunk, { stream: true })).split(/\r\n|\n|\r(?!$)/u);
    rest = parts.pop() ?? '';
    if (rest.length > longestLine)
      throw new UnusableFile(`The line after line ${number + parts.length} is longer than any row.`);
    for (const text of parts) {
      number += 1;
      yield { text, number };
    }
  }
  rest = (rest + decoder.decode()).replace(/\r$/u, '');
  if (rest !== '') yield { text: rest, number: number + 1 };
}
