import type { Block, NoticeDocument } from './document.ts';

const width = 76;

/** Scripts written without spaces are not broken: mail programs do that better. */
const spaced: Readonly<Record<string, boolean>> = { de: true, en: true };

const wide =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\u3000-\u303F\uFF01-\uFF60]/u;

/** Columns a text takes: East Asian characters are two wide. */
function columns(text: string): number {
  return Array.from(text).reduce((sum, character) => sum + (wide.test(character) ? 2 : 1), 0);
}

/** Breaks at spaces so that no line is longer than 76 columns; a word that is longer stands alone. */
function wrap(text: string, indent = ''): string {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && columns(`${last} ${word}`) <= width)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(last === undefined ? word : `${indent}${word}`);
  }
  return lines.join('\n');
}

function writeBlock(block: Block, flow: (text: string, indent?: string) => string, colon: string): string {
  if (block.is === 'paragraph') return flow(block.text);
  if (block.is === 'link') return `  ${block.url}`;
  const lines =
    block.is === 'list'
      ? block.items.map((item) => `  - ${item}`)
      : block.facts.map(({ label, value }) => `  ${label}${colon}${value}`);
  return lines.map((line) => flow(line, '    ')).join('\n');
}

/** The notice as plain text, lines ending in `\n`, at most 76 columns wide in languages written with spaces. */
export function writePlainText({ language, greeting, blocks, signature }: NoticeDocument): string {
  const breaks = spaced[language] ?? false;
  const flow = breaks ? wrap : (text: string) => text;
  const body = blocks.map((block) => writeBlock(block, flow, breaks ? ': ' : '：'));
  const { library, lines, website, sendOnly } = signature;
  const foot = ['-'.repeat(40), library, ...lines, website].join('\n');
  const last = sendOnly === undefined ? [] : [flow(sendOnly)];
  return `${[flow(greeting), ...body, foot, ...last].join('\n\n')}\n`;
}
