import { expect, test } from '@jest/globals';
import sharp from 'sharp';
import { type Cleaned, isFaulty } from '../../uploads/cleaned.ts';
import { createGate } from '../../uploads/gate.ts';
import { createUploads, type Intake } from '../../uploads/intake.ts';
import { cleanPdf } from '../../uploads/pdf.ts';
import { maxPixels } from '../../uploads/picture.ts';
import { noScanner } from '../../uploads/scanner.ts';
import {
  html,
  movingPng,
  movingWebp,
  pdf,
  pdfBomb,
  pdfOf,
  photo,
  picture,
  pngBomb,
  scriptedPdf,
  svg,
} from './samples.ts';

const uploads = createUploads({ scanner: noScanner });
const bounds = { maxPages: 3, withinMs: 20_000 };
const take = (bytes: Buffer): Promise<Intake> => uploads.take(bytes, bounds);

async function cleaned(bytes: Buffer): Promise<Cleaned> {
  const taken = await take(bytes);
  if (isFaulty(taken) || 'later' in taken) throw new Error(JSON.stringify(taken));
  return taken;
}

test('P4 a photo is kept upright and small, without where and by what it was taken', async () => {
  const { mediaType, content, pages } = await cleaned(await photo(60, 40));
  const { width, height, exif, orientation, xmp, iptc } = await sharp(content).metadata();
  expect({ mediaType, pages, width, height }).toEqual({
    mediaType: 'image/jpeg',
    pages: 1,
    width: 40,
    height: 60,
  });
  expect([exif, orientation, xmp, iptc]).toEqual([undefined, undefined, undefined, undefined]);
  expect(content.includes('Telephone')).toBe(false);
});

test.each(['jpeg', 'png', 'webp'] as const)(
  'P4 a picture as %s is kept as JPEG, however it is called',
  async (format) => {
    const { content, mediaType } = await cleaned(await picture(format));
    expect(mediaType).toBe('image/jpeg');
    expect((await sharp(content).metadata()).format).toBe('jpeg');
  },
);

test('P4 the same picture is known again, whatever was written beside it', async () => {
  const bytes = await picture('png');
  const first = await cleaned(bytes);
  const second = await cleaned(Buffer.concat([bytes, Buffer.from('something behind the end')]));
  expect(second.contentHash).toBe(first.contentHash);
  expect((await cleaned(await picture('png', 220))).contentHash).not.toBe(first.contentHash);
});

test('P4 nothing that was hidden in or behind a picture survives', async () => {
  const polyglot = Buffer.concat([await picture('jpeg'), html(), scriptedPdf()]);
  const { content } = await cleaned(polyglot);
  expect(content.includes('<script>')).toBe(false);
  expect(content.includes('%PDF')).toBe(false);
});

test('P4 what is no picture and no PDF is refused by its bytes: HTML, SVG, a moving picture, an archive', async () => {
  const unknown = { fault: 'upload-kind-unknown' };
  expect(await take(html())).toEqual(unknown);
  expect(await take(svg())).toEqual(unknown);
  expect(await take(Buffer.from('GIF89a'))).toEqual(unknown);
  expect(await take(Buffer.from('PK\u0003\u0004'))).toEqual(unknown);
  expect(await take(Buffer.concat([html(), await picture('jpeg')]))).toEqual(unknown);
});

test('P4 broken and moving pictures are refused', async () => {
  const whole = await photo(400, 300);
  expect(await take(whole.subarray(0, whole.length - 400))).toEqual({ fault: 'upload-unreadable' });
  expect(await take(Buffer.from([0xff, 0xd8, 0xff, 0xe0, 1, 2, 3]))).toEqual({ fault: 'upload-unreadable' });
  const svgAsPng = Buffer.concat([Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]), svg()]);
  expect(await take(svgAsPng)).toEqual({ fault: 'upload-unreadable' });
  expect(await take(await movingWebp())).toEqual({ fault: 'upload-animated' });
  expect(await take(movingPng())).toEqual({ fault: 'upload-animated' });
});

test('P4 a picture that is small as a file and huge once unpacked is refused before it is unpacked', async () => {
  const before = process.memoryUsage.rss();
  const bomb = pngBomb(30_000, 30_000);
  expect(bomb.length).toBeLessThan(200_000);
  expect(await take(bomb)).toEqual({ fault: 'upload-too-many-pixels', max: maxPixels });
  expect(process.memoryUsage.rss() - before).toBeLessThan(150_000_000);
});

test('P4 a PDF is kept as pictures of its pages, in its size', async () => {
  const { content, mediaType, pages } = await cleaned(await pdf({ pages: 2 }));
  expect({ mediaType, pages }).toEqual({ mediaType: 'application/pdf', pages: 2 });
  expect(content.toString('latin1')).toMatch(/\/MediaBox \[0 0 595 842\]/u);
  const again = await cleaned(content);
  expect(again.pages).toBe(2);
});

test('P4 no script, no attachment, no link of a PDF survives', async () => {
  const given = scriptedPdf();
  expect(given.includes('JavaScript')).toBe(true);
  const { content } = await cleaned(given);
  for (const trace of [
    'JavaScript',
    '/JS',
    'OpenAction',
    'EmbeddedFile',
    'evil',
    '/Annot',
    'Launch',
    '/Font ',
  ])
    expect({ trace, found: content.includes(trace) }).toEqual({ trace, found: false });
});

test('P4 a PDF that is locked, broken, empty or too long is refused with the reason', async () => {
  expect(await take(await pdf({ password: 'secret' }))).toEqual({ fault: 'upload-encrypted' });
  expect(await take(Buffer.from('%PDF-1.7\nnothing'))).toEqual({ fault: 'upload-unreadable' });
  expect(
    await take(pdfOf(['<< /Type /Catalog /Pages 2 0 R >>', '<< /Type /Pages /Kids [] /Count 0 >>'])),
  ).toEqual({
    fault: 'upload-unreadable',
  });
  expect(await take(await pdf({ pages: 4 }))).toEqual({ fault: 'upload-too-many-pages', max: 3 });
  expect((await cleaned(await pdf({ size: [14_000, 400] }))).pages).toBe(1);
});

test('P4 a PDF that takes too long or too much memory is given up', async () => {
  const bytes = await pdf({ pages: 3 });
  expect(await cleanPdf(bytes, { maxPages: 3, withinMs: 5 })).toEqual({ fault: 'upload-too-slow' });
  const bomb = pdfBomb(400_000_000);
  expect(bomb.length).toBeLessThan(1_000_000);
  const answer = await cleanPdf(bomb, { ...bounds, maxMemory: 150_000_000 });
  expect(answer).toEqual({ fault: 'upload-too-many-pixels' });
});

test('P4 so many are looked at, so many wait, and the next is asked to come again', async () => {
  const gate = createGate({ atOnce: 1, waiting: 1 });
  const steps: string[] = [];
  let finish: () => void = () => undefined;
  const first = gate.pass(() => new Promise<string>((resolve) => (finish = () => resolve('first'))));
  const second = gate.pass(async () => steps.push('second'));
  expect(await gate.pass(async () => 'third')).toBe('busy');
  expect(steps).toEqual([]);
  finish();
  expect(await first).toBe('first');
  await second;
  expect(await gate.pass(async () => 'fourth')).toBe('fourth');
  await expect(gate.pass(() => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
  expect(await gate.pass(async () => 'fifth')).toBe('fifth');
});

test('I14 a document that is kept as it is can be opened: a broken, empty or locked one is refused', async () => {
  const keep = (bytes: Buffer) => uploads.keep(bytes);
  expect(await keep(await pdf({ pages: 2 }))).toEqual({ mediaType: 'application/pdf' });
  expect(await keep(scriptedPdf())).toEqual({ mediaType: 'application/pdf' });
  expect(await keep(await photo(400, 300))).toEqual({ mediaType: 'image/jpeg' });
  const unreadable = { fault: 'upload-unreadable' };
  expect(await keep(Buffer.from('%PDF-1.7\n% forty bytes that are no more'))).toEqual(unreadable);
  expect(
    await keep(pdfOf(['<< /Type /Catalog /Pages 2 0 R >>', '<< /Type /Pages /Kids [] /Count 0 >>'])),
  ).toEqual(unreadable);
  expect(await keep(Buffer.from([0xff, 0xd8, 0xff, 0xe0, 1, 2, 3]))).toEqual(unreadable);
  expect(await keep(Buffer.from('II*\0nothing'))).toEqual(unreadable);
  expect(await keep(html())).toEqual({ fault: 'upload-kind-unknown' });
});
