import { parentPort, workerData } from 'node:worker_threads';
import { PDFiumLibrary } from '@hyzyla/pdfium';
import type { DrawnPage, Drawing, PdfNews } from './pdf-news.ts';

/** The longer side of a page as it is drawn, in pixels: A4 at 200 dots an inch. */
const maxSide = 2340;

const tell = (news: PdfNews, transfer: ArrayBuffer[] = []) => parentPort?.postMessage(news, transfer);

/** Draws the pages of a PDF one after the other; nothing in it is run: this library has no scripts. */
async function draw({ bytes, maxPages, openOnly = false }: Drawing): Promise<void> {
  const library = await PDFiumLibrary.init();
  const document = await library.loadDocument(bytes);
  const count = document.getPageCount();
  if (count === 0) throw new Error('no pages');
  if (count > maxPages) return tell({ kind: 'too-many-pages' });
  if (openOnly) return tell({ kind: 'done' });
  for (const page of document.pages()) {
    const { originalWidth, originalHeight } = page.getOriginalSize();
    const scale = maxSide / Math.max(originalWidth, originalHeight);
    if (!(scale > 0 && Math.min(originalWidth, originalHeight) * scale >= 1)) throw new Error('no area');
    const { width, height, data } = await page.render({ scale, render: 'bitmap', renderFormFields: true });
    const drawn: DrawnPage = { width, height, data, points: [originalWidth, originalHeight] };
    tell({ kind: 'page', ...drawn }, [data.buffer as ArrayBuffer]);
  }
  tell({ kind: 'done' });
}

draw(workerData as Drawing).catch((error: unknown) => {
  const encrypted = /password|security/iu.test(String(error));
  tell({ kind: encrypted ? 'encrypted' : 'unreadable' });
});
