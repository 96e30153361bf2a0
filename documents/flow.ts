import { inner, page, type Sheet, type Style } from './sheet.ts';

/** A document written from above to below, over as many pages as it takes. */
export interface Flow {
  readonly text: (text: string, style: Style) => void;
  /** A text in a frame that nobody can overlook. */
  readonly framed: (text: string, style: Style) => void;
  readonly fact: (label: string, value: string) => void;
  /** Begins a table of what and how much; its head stands again on every further page. */
  readonly tableHead: (what: string, amount: string) => void;
  readonly row: (what: string, amount: string, style: Style) => void;
  readonly total: (what: string, amount: string) => void;
  readonly space: (height: number) => void;
  readonly finish: () => Promise<Buffer>;
}

const bottom = page.height - page.margin - 24;
const labelWidth = 110;
/** CJK type needs more room between lines than its size says. */
const leading = 1.5;
const amountWidth = 120;

/** @param foot what stands below each page, by its number and how many there are */
export function createFlow(sheet: Sheet, foot: (page: number, pages: number) => string): Flow {
  const { margin } = page;
  let y: number = margin;
  let head: (() => void) | undefined;

  const room = (height: number) => {
    if (y + height <= bottom) return;
    sheet.addPage();
    y = margin;
    head?.();
  };
  const lines = (text: string, x: number, width: number, style: Style) => {
    for (const line of sheet.lines(text, width, style)) {
      room(style.size * leading);
      sheet.line(line, x, y, style);
      y += style.size * leading;
    }
  };
  const right = (text: string, style: Style) =>
    sheet.line(text, margin + inner - sheet.width(text, style), y, style);
  const rule = () => {
    sheet.rule(margin, y, margin + inner, y);
    y += 6;
  };
  const row = (what: string, amount: string, style: Style) => {
    const wide = sheet.lines(what, inner - amountWidth, style);
    room(Math.min(wide.length, 4) * style.size * leading);
    right(amount, style);
    lines(what, margin, inner - amountWidth, style);
    y += 2;
  };

  return {
    text: (text, style) => lines(text, margin, inner, style),
    framed: (text, style) => {
      const pad = 8;
      const wrapped = sheet.lines(text, inner - 2 * pad, style);
      const height = wrapped.length * style.size * leading + 2 * pad - 2;
      room(height);
      sheet.box(margin, y, inner, height);
      y += pad;
      lines(text, margin + pad, inner - 2 * pad, style);
      y += pad;
    },
    fact: (label, value) => {
      const style = { size: 10 };
      room(style.size * leading);
      const from = y;
      lines(label, margin, labelWidth - 10, style);
      const below = y;
      y = from;
      lines(value, margin + labelWidth, inner - labelWidth, style);
      y = Math.max(y, below);
    },
    tableHead: (what, amount) => {
      head = () => {
        const style = { size: 9, weight: 'bold' } as const;
        right(amount, style);
        sheet.line(what, margin, y, style);
        y += style.size * leading + 2;
        rule();
      };
      head();
    },
    row,
    total: (what, amount) => {
      room(34);
      y += 4;
      rule();
      row(what, amount, { size: 11, weight: 'bold' });
      head = undefined;
      y += 4;
    },
    space: (height) => {
      y += height;
    },
    finish: () => {
      const pages = sheet.pages();
      const style = { size: 8 };
      for (let index = 0; index < pages; index += 1) {
        const text = foot(index + 1, pages);
        sheet.turnTo(index);
        sheet.line(text, margin + inner - sheet.width(text, style), page.height - margin - 10, style);
      }
      return sheet.finish();
    },
  };
}
