import { longestRecord, tooLong, type Frame } from './frames.ts';
import { UnusableFile } from './outcome.ts';

/** What may come between records, and what begins one. The end of a chunk may cut any of them, so the last few characters wait for the next. */
const betweenRecords = /<!--|<!DOCTYPE|<!ENTITY|<(?:[\w.-]+:)?record(?=[\s>/])/u;
const withinRecord = /<\/(?:[\w.-]+:)?record\s*>|(?<!^)<(?:[\w.-]+:)?record(?=[\s>/])/u;
const longestMark = 80;

type State = 'between' | 'comment' | 'record';

interface Scan {
  readonly state: State;
  /** What is left to look at. */
  readonly rest: string;
  readonly frame?: Frame;
}

function frameOf(bytes: string, problem?: string): Frame {
  const raw = Buffer.from(bytes, 'latin1');
  return problem === undefined ? { raw } : { raw, problem };
}

function scanBetween(text: string): Scan | undefined {
  const mark = betweenRecords.exec(text);
  if (!mark) return undefined;
  if (mark[0].startsWith('<!D') || mark[0].startsWith('<!E'))
    throw new UnusableFile('The file has a document type definition (DTD), which is not accepted.');
  const state = mark[0] === '<!--' ? 'comment' : 'record';
  return { state, rest: text.slice(mark.index) };
}

function scanRecord(text: string): Scan | undefined {
  const mark = withinRecord.exec(text);
  if (!mark) {
    if (text.length <= longestRecord) return undefined;
    return { state: 'between', rest: text.slice(1), frame: frameOf('', tooLong) };
  }
  if (!mark[0].startsWith('</'))
    return {
      state: 'record',
      rest: text.slice(mark.index),
      frame: frameOf(text.slice(0, mark.index), 'the record is not closed before the next begins'),
    };
  const end = mark.index + mark[0].length;
  return { state: 'between', rest: text.slice(end), frame: frameOf(text.slice(0, end)) };
}

function scanComment(text: string): Scan | undefined {
  const end = text.indexOf('-->');
  return end === -1 ? undefined : { state: 'between', rest: text.slice(end + 3) };
}

const scanners = { between: scanBetween, comment: scanComment, record: scanRecord };

function checkStart(start: string): void {
  if (/^(?:\u00FE\u00FF|\u00FF\u00FE|\0?<\0)/u.test(start))
    throw new UnusableFile('The file is UTF-16; save it as UTF-8.');
  if (!/^(?:\u00EF\u00BB\u00BF)?\s*</u.test(start)) throw new UnusableFile('The file is not XML.');
  const encoding = /^[^<]*<\?xml[^>]*encoding\s*=\s*["']([^"']+)/u.exec(start)?.[1] ?? 'utf-8';
  if (!/^(?:utf-?8|us-ascii)$/iu.test(encoding))
    throw new UnusableFile(`The file is in the encoding ${encoding}; save it as UTF-8.`);
}

/** The file byte by character; the first piece is long enough to tell what kind of file it is. */
async function* checkedText(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  let start: string | undefined = '';
  for await (const bytes of chunks) {
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
    if (start === undefined) {
      yield text;
      continue;
    }
    start += text;
    if (start.length < longestMark) continue;
    checkStart(start);
    yield start;
    start = undefined;
  }
  if (start === undefined) return;
  checkStart(start);
  yield start;
}

/**
 * Cuts MARCXML into its `record` elements without reading them as XML, so that one that is not well-formed spoils no other. Bytes are looked at
 * as Latin-1: all marks are ASCII. Throws `UnusableFile` for another encoding, for what is not XML, and for a DTD wherever it stands. Memory is
 * bounded by the longest record allowed.
 */
export async function* marcxmlFrames(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Frame> {
  let state: State = 'between';
  let text = '';
  for await (const piece of checkedText(chunks)) {
    text += piece;
    for (let scan: Scan | undefined; (scan = scanners[state](text));) {
      ({ state, rest: text } = scan);
      if (scan.frame) yield scan.frame;
    }
    if (state !== 'record') text = text.slice(-longestMark);
  }
  if (state === 'record') yield frameOf(text, 'the file ends before the record does');
}
