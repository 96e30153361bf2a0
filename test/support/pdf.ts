import { PDFiumLibrary } from '@hyzyla/pdfium';

/** One page as it was read back. */
export interface ReadPage {
  readonly text: string;
  readonly width: number;
  readonly height: number;
  /** The smallest box that holds all that is drawn, in points from the upper left corner; undefined for an empty page. */
  readonly ink: { left: number; top: number; right: number; bottom: number } | undefined;
}

interface Bitmap {
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
}

function inkOf({ data, width, height }: Bitmap, scale: number): ReadPage['ink'] {
  let [left, top, right, bottom] = [width, height, -1, -1];
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      if ((data[(y * width + x) * 4] ?? 255) > 200) continue;
      [left, right] = [Math.min(left, x), Math.max(right, x)];
      [top, bottom] = [Math.min(top, y), Math.max(bottom, y)];
    }
  }
  if (right < 0) return undefined;
  return { left: left / scale, top: top / scale, right: right / scale, bottom: bottom / scale };
}

/** Reads a PDF as a viewer does: the text of its pages, and where something is drawn. */
export async function readPdf(bytes: Uint8Array, scale = 1): Promise<ReadPage[]> {
  const library = await PDFiumLibrary.init();
  const document = await library.loadDocument(bytes);
  const pages: ReadPage[] = [];
  for (const page of document.pages()) {
    const { originalWidth: width, originalHeight: height } = page.getOriginalSize();
    // Rendering closes the page, so its text is read first.
    const text = page.getText().replaceAll('\r', '');
    const drawn = await page.render({ scale, render: 'bitmap' });
    const ink = inkOf({ data: drawn.data, width: drawn.width, height: drawn.height }, scale);
    pages.push({ text, width, height, ink });
  }
  document.destroy();
  library.destroy();
  return pages;
}
