import { createHash } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { Worker } from 'node:worker_threads';
import Pdf from 'pdfkit';
import sharp from 'sharp';
import type { UploadFault } from '../domain/upload-faults.ts';
import type { Bounds, Cleaned, Faulty } from './cleaned.ts';
import type { Drawing, DrawnPage, PdfNews } from './pdf-news.ts';

const defaultMemory = 600_000_000;
const watchMs = 50;

const faults: Readonly<Record<Exclude<PdfNews['kind'], 'page' | 'done'>, UploadFault>> = {
  'too-many-pages': 'upload-too-many-pages',
  encrypted: 'upload-encrypted',
  unreadable: 'upload-unreadable',
};

/**
 * A PDF as pictures of its pages in a new PDF: no script, no attachment, no link and no text is left. It is drawn in a thread of its own that ends when it takes too
 * long or too much memory, measured at the whole process.
 */
export async function cleanPdf(bytes: Buffer, bounds: Bounds): Promise<Cleaned | Faulty> {
  const drawn = await drawPages(bytes, bounds);
  if ('fault' in drawn) return drawn;
  const pages = await Promise.all(drawn.map(encode));
  const hash = createHash('sha256');
  for (const { picture } of pages) hash.update(picture);
  const content = await bind(pages);
  return {
    mediaType: 'application/pdf',
    content,
    pages: pages.length,
    contentHash: hash.digest('base64url'),
  };
}

/** Why a PDF cannot be read, in the same thread and bounds; undefined: it can, and has pages. */
export async function pdfFault(bytes: Buffer, bounds: Bounds): Promise<Faulty | undefined> {
  const opened = await drawPages(bytes, bounds, true);
  return 'fault' in opened ? opened : undefined;
}

function drawPages(bytes: Buffer, bounds: Bounds, openOnly = false): Promise<DrawnPage[] | Faulty> {
  const { maxPages, withinMs, maxMemory = defaultMemory } = bounds;
  const workerData: Drawing = { bytes: new Uint8Array(bytes), maxPages, openOnly };
  const resourceLimits = { maxOldGenerationSizeMb: 128, maxYoungGenerationSizeMb: 32 };
  const worker = new Worker(new URL('pdf-worker.ts', import.meta.url), { workerData, resourceLimits });
  const pages: DrawnPage[] = [];
  const ceiling = process.memoryUsage.rss() + maxMemory;
  return new Promise((resolve) => {
    const end = (answer: DrawnPage[] | Faulty) => {
      clearTimeout(timer);
      clearInterval(watch);
      resolve(answer);
      void worker.terminate();
    };
    const timer = setTimeout(end, withinMs, { fault: 'upload-too-slow' });
    const watch = setInterval(() => {
      if (process.memoryUsage.rss() > ceiling) end({ fault: 'upload-too-many-pixels' });
    }, watchMs);
    worker.on('message', (news: PdfNews) => {
      if (news.kind === 'page') pages.push(news);
      else if (news.kind === 'done') end(pages);
      else end({ fault: faults[news.kind], ...(news.kind === 'too-many-pages' && { max: maxPages }) });
    });
    worker.once('error', () => end({ fault: 'upload-unreadable' }));
    worker.once('exit', () => end({ fault: 'upload-unreadable' }));
  });
}

interface EncodedPage {
  readonly picture: Buffer;
  readonly points: DrawnPage['points'];
}

async function encode({ data, width, height, points }: DrawnPage): Promise<EncodedPage> {
  const raw = { width, height, channels: 4 } as const;
  const picture = await sharp(data, { raw }).removeAlpha().jpeg({ quality: 80 }).toBuffer();
  return { picture, points };
}

/** PDF 1.7's limits of a page's side, in points. */
const clamp = (points: number): number => Math.min(Math.max(points, 3), 14_400);

function bind(pages: readonly EncodedPage[]): Promise<Buffer> {
  const document = new Pdf({ autoFirstPage: false, margin: 0 });
  const written = buffer(document);
  for (const { picture, points } of pages) {
    const size: [number, number] = [clamp(points[0]), clamp(points[1])];
    document.addPage({ size, margin: 0 });
    document.image(picture, 0, 0, { width: size[0], height: size[1] });
  }
  document.end();
  return written;
}
