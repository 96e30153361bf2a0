import { crc32, inflateRawSync } from 'node:zlib';

/** The files of a ZIP archive by their names, read by its directory; throws where a checksum or a size is wrong. */
export function unzip(archive: Buffer): Map<string, string> {
  const end = archive.lastIndexOf(Buffer.from('504b0506', 'hex'));
  const entries = archive.readUInt16LE(end + 10);
  const files = new Map<string, string>();
  for (let n = 0, at = archive.readUInt32LE(end + 16); n < entries; n += 1) {
    const [crc, packed, size] = [16, 20, 24].map((field) => archive.readUInt32LE(at + field)) as [
      number,
      number,
      number,
    ];
    const length = archive.readUInt16LE(at + 28);
    const name = archive.toString('utf8', at + 46, at + 46 + length);
    const local = archive.readUInt32LE(at + 42);
    const begin = local + 30 + archive.readUInt16LE(local + 26) + archive.readUInt16LE(local + 28);
    const bytes = inflateRawSync(archive.subarray(begin, begin + packed));
    if (bytes.length !== size || crc32(bytes) !== crc) throw new Error(`${name} is damaged.`);
    files.set(name, bytes.toString('utf8'));
    at += 46 + length + archive.readUInt16LE(at + 30) + archive.readUInt16LE(at + 32);
  }
  return files;
}

/** The rows of a workbook's sheet: text as text, numbers as numbers. */
export function readSheet(archive: Buffer): (string | number | null)[][] {
  const sheet = unzip(archive).get('xl/worksheets/sheet1.xml') ?? '';
  return [...sheet.matchAll(/<row>(.*?)<\/row>/gs)].map(([, row = '']) =>
    [...row.matchAll(/<c[^>/]*(?:\/>|>(.*?)<\/c>)/gs)].map(([, cell]) => {
      if (cell === undefined) return null;
      const number = /^<v>(.*)<\/v>$/s.exec(cell)?.[1];
      if (number !== undefined) return Number(number);
      const text = /<t[^>]*>(.*)<\/t>/s.exec(cell)?.[1] ?? '';
      return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
    }),
  );
}
