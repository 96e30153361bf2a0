import { inner, page, type Sheet } from './sheet.ts';

/** A form with boxes to fill in. Places are points from the page's upper left corner. */
export interface Form {
  readonly title: (text: string, y: number) => void;
  readonly centred: (text: string, y: number) => void;
  readonly text: (text: string, x: number, y: number, width: number) => void;
  /** A box with a text in the middle of its height. A long text is set smaller, so that it stays within its box. */
  readonly cell: (
    text: string,
    x: number,
    y: number,
    width: number,
    height: number,
    align: 'left' | 'centre',
  ) => void;
}

const leading = 1.4;
const pad = 6;
const sizes = [11, 10, 9, 8, 7, 6] as const;

export function createForm(sheet: Sheet): Form {
  const centre = (text: string, x: number, y: number, width: number, size: number) => {
    const style = { size };
    sheet.line(text, x + (width - sheet.width(text, style)) / 2, y, style);
  };
  /** The largest size in which a text fits, and its lines. */
  const fitting = (text: string, width: number, height: number) => {
    for (const size of sizes) {
      const lines = sheet.lines(text, width, { size });
      if (lines.length * size * leading <= height) return { size, lines };
    }
    const size = sizes[5];
    const most = Math.max(1, Math.floor(height / (size * leading)));
    return { size, lines: sheet.lines(text, width, { size }).slice(0, most) };
  };
  return {
    title: (text, y) => {
      const spaced = Array.from(text).join(' ');
      const style = { size: 22, weight: 'bold' } as const;
      const shown = sheet.width(spaced, style) <= inner && /^\p{Script=Han}+$/u.test(text) ? spaced : text;
      const width = sheet.width(shown, style);
      const x = page.margin + (inner - width) / 2;
      sheet.line(shown, x, y, style);
      sheet.rule(x - 8, y + 32, x + width + 8, y + 32);
    },
    centred: (text, y) => centre(text, page.margin, y, inner, 11),
    text: (text, x, y, width) => {
      sheet
        .lines(text, width, { size: 11 })
        .forEach((line, index) => sheet.line(line, x, y + index * 11 * leading, { size: 11 }));
    },
    cell: (text, x, y, width, height, align) => {
      sheet.box(x, y, width, height);
      const { size, lines } = fitting(text, width - 2 * pad, height - 4);
      const top = y + (height - lines.length * size * leading) / 2;
      lines.forEach((line, index) => {
        const at = top + index * size * leading;
        if (align === 'centre') centre(line, x, at, width, size);
        else sheet.line(line, x + pad, at, { size });
      });
    },
  };
}
