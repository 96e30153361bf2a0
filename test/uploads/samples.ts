import { randomBytes } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { deflateSync, crc32 } from 'node:zlib';
import Pdf from 'pdfkit';
import sharp from 'sharp';

/** A photo as a telephone takes it: turned by its EXIF data, which also say where it was taken. */
export function photo(width = 60, height = 40): Promise<Buffer> {
  const gps = { GPSLatitude: '30/1 15/1 0/1', GPSLatitudeRef: 'N', GPSLongitude: '120/1 7/1 0/1' };
  return sharp({ create: { width, height, channels: 3, background: { r: 200, g: 30, b: 30 } } })
    .withExif({ IFD0: { Make: 'Telephone', Copyright: 'Reader' }, IFD3: gps })
    .withMetadata({ orientation: 6 })
    .jpeg()
    .toBuffer();
}

export function picture(format: 'jpeg' | 'png' | 'webp', shade = 120): Promise<Buffer> {
  const background = { r: shade, g: shade, b: 10, alpha: 0.5 };
  return sharp({ create: { width: 30, height: 20, channels: 4, background } })
    .toFormat(format)
    .toBuffer();
}

/** A photo that does not compress. */
export function largePhoto(side: number): Promise<Buffer> {
  const raw = { width: side, height: side, channels: 3 } as const;
  return sharp(randomBytes(side * side * 3), { raw })
    .jpeg({ quality: 95 })
    .toBuffer();
}

export function movingWebp(): Promise<Buffer> {
  const raw = { width: 8, height: 16, channels: 3, pageHeight: 8 } as const;
  return sharp(randomBytes(8 * 16 * 3), { raw })
    .webp({ loop: 0, delay: [100, 100] })
    .toBuffer();
}

function chunk(type: string, data: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  check.writeUInt32BE(crc32(named));
  return Buffer.concat([length, named, check]);
}

/** A grey PNG of any size whose pixels are all nought: small as a file, huge once decoded. */
export function pngBomb(width: number, height: number, before: Buffer[] = []): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([1, 0, 0, 0, 0], 8);
  const pixels = deflateSync(Buffer.alloc(Math.min((Math.ceil(width / 8) + 1) * height, 20_000_000)));
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    ...before,
    chunk('IDAT', pixels),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

export const movingPng = (): Buffer => pngBomb(8, 8, [chunk('acTL', Buffer.from([0, 0, 0, 2, 0, 0, 0, 0]))]);

export interface PdfWish {
  readonly pages?: number;
  readonly password?: string;
  readonly size?: [number, number];
}

/** A scanned slip as a PDF. */
export async function pdf({ pages = 1, password, size = [595, 842] }: PdfWish = {}): Promise<Buffer> {
  const document = new Pdf({
    autoFirstPage: false,
    ...(password !== undefined && { userPassword: password, ownerPassword: `${password}-owner` }),
  });
  const written = buffer(document);
  for (let page = 1; page <= pages; page++) {
    document.addPage({ size });
    document.fontSize(20).text(`Transfer slip, page ${page}`, 60, 60);
    document.rect(60, 200, 200, 100).fill('#c01010');
  }
  document.end();
  return written;
}

/** A PDF by hand: of these objects the first is the catalogue. */
export function pdfOf(objects: readonly string[]): Buffer {
  let text = '%PDF-1.7\n';
  const offsets = objects.map((object, index) => {
    const offset = text.length;
    text += `${index + 1} 0 obj\n${object}\nendobj\n`;
    return offset;
  });
  const start = text.length;
  text += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n`;
  for (const offset of offsets) text += `${String(offset).padStart(10, '0')} 00000 n \n`;
  text += `trailer << /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${start}\n%%EOF\n`;
  return Buffer.from(text, 'latin1');
}

/** A PDF that would run a script when it is opened, start a program, and carries a file. */
export const scriptedPdf = (): Buffer =>
  pdfOf([
    '<< /Type /Catalog /Pages 2 0 R /OpenAction 5 0 R /Names << /EmbeddedFiles << /Names [(evil.exe) 6 0 R] >> /JavaScript << /Names [(a) 5 0 R] >> >> >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] /Contents 4 0 R /Annots [<< /Type /Annot /Subtype /Link /Rect [0 0 200 200] /A << /S /Launch /F (evil.exe) >> >>] >>',
    '<< /Length 26 >>\nstream\n0 0 1 rg 20 20 100 100 re f\nendstream',
    '<< /S /JavaScript /JS (app.alert\\("evil"\\)) >>',
    '<< /Type /Filespec /F (evil.exe) /EF << /F 7 0 R >> >>',
    '<< /Type /EmbeddedFile /Length 4 >>\nstream\nevil\nendstream',
  ]);

/** A PDF whose page is described by so many blanks; small as a file. */
export function pdfBomb(blanks: number): Buffer {
  const hex = deflateSync(Buffer.alloc(blanks, ' ')).toString('hex');
  return pdfOf([
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] /Contents 4 0 R >>',
    `<< /Filter [/ASCIIHexDecode /FlateDecode] /Length ${hex.length + 1} >>\nstream\n${hex}>\nendstream`,
  ]);
}

export const html = (): Buffer => Buffer.from('<html><script>alert(1)</script></html>');
export const svg = (): Buffer =>
  Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>');
