import { Readable } from 'node:stream';
import { crc32, createDeflateRaw } from 'node:zlib';

/** A file of an archive: its name, in ASCII, and its text, part by part. */
export interface ZipEntry {
  readonly name: string;
  readonly text: Iterable<string> | AsyncIterable<string>;
}

interface Written {
  readonly name: Buffer;
  readonly crc: number;
  readonly packed: number;
  readonly size: number;
  readonly offset: number;
}

/** Sizes and checksum follow the data (bit 3), since they are not known before; names are UTF-8 (bit 11). */
const flags = 0x0808;
const deflated = 8;
/** 1 January 1980: the same archive is the same bytes whenever it is made. */
const date = 0x0021;

function header(signature: number, fields: readonly (readonly [bytes: 2 | 4, value: number])[]): Buffer {
  const all = [[4, signature], ...fields] as const;
  const buffer = Buffer.alloc(all.reduce((sum, [bytes]) => sum + bytes, 0));
  let at = 0;
  for (const [bytes, value] of all) at = buffer.writeUIntLE(value, at, bytes);
  return buffer;
}

const localHeader = (name: Buffer): Buffer =>
  Buffer.concat([
    header(0x04034b50, [
      [2, 20],
      [2, flags],
      [2, deflated],
      [2, 0],
      [2, date],
      [4, 0],
      [4, 0],
      [4, 0],
      [2, name.length],
      [2, 0],
    ]),
    name,
  ]);

const directoryEntry = ({ name, crc, packed, size, offset }: Written): Buffer =>
  Buffer.concat([
    header(0x02014b50, [
      [2, 20],
      [2, 20],
      [2, flags],
      [2, deflated],
      [2, 0],
      [2, date],
      [4, crc],
      [4, packed],
      [4, size],
      [2, name.length],
      [2, 0],
      [2, 0],
      [2, 0],
      [2, 0],
      [4, 0],
      [4, offset],
    ]),
    name,
  ]);

/**
 * Writes a ZIP archive part by part as it is read, so that a file of any length takes little memory; up to 4 GB, which the format without its extension holds
 * (PKWARE APPNOTE 6.3). Throws what reading an entry's text throws.
 */
export async function* zipped(entries: Iterable<ZipEntry>): AsyncGenerator<Buffer> {
  const written: Written[] = [];
  let offset = 0;
  for (const { name: given, text } of entries) {
    const name = Buffer.from(given);
    const begin = offset;
    const local = localHeader(name);
    yield local;
    const counts = { crc: 0, size: 0, packed: 0 };
    for await (const part of deflate(text, counts)) yield part;
    const { crc, size, packed } = counts;
    const descriptor = header(0x08074b50, [
      [4, crc],
      [4, packed],
      [4, size],
    ]);
    yield descriptor;
    offset += local.length + packed + descriptor.length;
    written.push({ name, crc, packed, size, offset: begin });
  }
  const directory = Buffer.concat(written.map(directoryEntry));
  yield directory;
  yield header(0x06054b50, [
    [2, 0],
    [2, 0],
    [2, written.length],
    [2, written.length],
    [4, directory.length],
    [4, offset],
    [2, 0],
  ]);
}

/** Packs text, and counts what goes in and what comes out. */
async function* deflate(
  text: ZipEntry['text'],
  counts: { crc: number; size: number; packed: number },
): AsyncGenerator<Buffer> {
  const counted = async function* () {
    for await (const part of text) {
      const bytes = Buffer.from(part);
      counts.crc = crc32(bytes, counts.crc);
      counts.size += bytes.length;
      yield bytes;
    }
  };
  const packer = createDeflateRaw();
  for await (const packed of compose(counted(), packer)) {
    counts.packed += packed.length;
    yield packed;
  }
}

/** Feeds a transform and reads it at the same pace; an error of the source ends the reading with it. */
function compose(
  source: AsyncIterable<Buffer>,
  transform: ReturnType<typeof createDeflateRaw>,
): AsyncIterable<Buffer> {
  Readable.from(source)
    .on('error', (error) => transform.destroy(error))
    .pipe(transform);
  return transform as AsyncIterable<Buffer>;
}
