import { longestRecord, tooLong } from './frames.ts';
import type { Frame } from './frames.ts';

const recordTerminator = 0x1d;
const padding = /^[\s\p{Cc}]*$/u;

/** Line ends between records and a byte order mark at the start, as some systems write them, belong to no record. */
function withoutLeadIn(raw: Buffer): Buffer {
  const start = raw.findIndex((byte) => ![0x0a, 0x0d, 0xef, 0xbb, 0xbf].includes(byte));
  return start === -1 ? raw.subarray(raw.length) : raw.subarray(start);
}

/** Collects the pieces of one record; what exceeds the bound is dropped. */
function createCollector() {
  let pieces: Buffer[] = [];
  let size = 0;
  return {
    add(piece: Buffer) {
      size += piece.length;
      if (size <= longestRecord) pieces.push(piece);
    },
    take(): Frame {
      const raw = withoutLeadIn(Buffer.concat(pieces));
      const frame = size > longestRecord ? { raw, problem: tooLong } : { raw };
      pieces = [];
      size = 0;
      return frame;
    },
  };
}

/**
 * Cuts ISO 2709 at its record terminators, so that a record with a wrong length in its leader spoils no other. Memory is bounded by the longest
 * record allowed, whatever the size of the file.
 */
export async function* iso2709Frames(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Frame> {
  const record = createCollector();
  for await (const bytes of chunks) {
    const chunk = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    let start = 0;
    for (
      let end = chunk.indexOf(recordTerminator);
      end !== -1;
      end = chunk.indexOf(recordTerminator, start)
    ) {
      record.add(chunk.subarray(start, end + 1));
      start = end + 1;
      yield record.take();
    }
    record.add(chunk.subarray(start));
  }
  const rest = record.take();
  if (rest.problem) yield rest;
  else if (!padding.test(rest.raw.toString('latin1')))
    yield { raw: rest.raw, problem: 'the file ends before the record does' };
}
