import Pdf from 'pdfkit';
import type { Language } from '../domain/languages.ts';
import type { Face, Faces, Weight } from './faces.ts';
import { runsOf } from './runs.ts';
import { wrap } from './wrap.ts';

/** A4, in points. */
export const page = { width: 595.28, height: 841.89, margin: 56 } as const;

export const inner = page.width - 2 * page.margin;

export interface Style {
  readonly size: number;
  readonly weight?: Weight;
}

/** As BCP 47 calls them. */
const tags: Readonly<Record<Language, string>> = { ja: 'ja', zh: 'zh-Hans', de: 'de', en: 'en' };

/** What is written into the file beside its pages. */
export interface FileInfo {
  readonly title: string;
  readonly author: string;
  readonly language: Language;
  readonly createdAt: Date;
}

/** An A4 document on which texts are set in the fonts that have their characters. Places are points from the page's upper left corner. */
export interface Sheet {
  readonly width: (text: string, style: Style) => number;
  /** The lines a text takes within a width. */
  readonly lines: (text: string, width: number, style: Style) => string[];
  /** One line, its box's upper left corner at `x`, `y`. */
  readonly line: (text: string, x: number, y: number, style: Style) => void;
  readonly rule: (x1: number, y1: number, x2: number, y2: number) => void;
  readonly box: (x: number, y: number, width: number, height: number) => void;
  readonly addPage: () => void;
  /** How many pages there are. */
  readonly pages: () => number;
  readonly turnTo: (index: number) => void;
  readonly finish: () => Promise<Buffer>;
}

/** Begins a document. The same calls make the same bytes: dates and ids in the file come from `info`, not from a clock. */
export function createSheet(faces: Faces, info: FileInfo): Sheet {
  const { title, author, language, createdAt } = info;
  const names = { Title: title, Author: author, Creator: 'Carrel', Producer: 'Carrel' };
  const pdf = new Pdf({
    size: 'A4',
    margin: 0,
    bufferPages: true,
    // None to begin with: pdfkit compares it with each of ours whenever one is set.
    font: null as never,
    lang: tags[language],
    displayTitle: true,
    info: { ...names, CreationDate: createdAt, ModDate: createdAt },
  });
  const chunks: Buffer[] = [];
  pdf.on('data', (chunk: Buffer) => chunks.push(chunk));
  const done = new Promise<void>((resolve, reject) => {
    pdf.on('end', resolve);
    pdf.on('error', reject);
  });
  for (const { name, font } of [...faces.regular, ...faces.bold]) pdf.registerFont(name, font as never);
  const set = ({ name }: Face, size: number) => pdf.font(name).fontSize(size);
  const runs = (text: string, { weight = 'regular' }: Style) => runsOf(text, faces[weight]);
  const width = (text: string, style: Style) =>
    runs(text, style).reduce((sum, run) => sum + set(run.face, style.size).widthOfString(run.text), 0);

  return {
    width,
    lines: (text, most, style) => wrap(text, most, (each) => width(each, style)),
    line: (text, x, y, style) => {
      let at = x;
      for (const run of runs(text, style)) {
        set(run.face, style.size).text(run.text, at, y, { lineBreak: false });
        at += pdf.widthOfString(run.text);
      }
    },
    rule: (x1, y1, x2, y2) => void pdf.moveTo(x1, y1).lineTo(x2, y2).lineWidth(0.7).stroke(),
    box: (x, y, wide, high) => void pdf.rect(x, y, wide, high).lineWidth(0.7).stroke(),
    addPage: () => void pdf.addPage(),
    pages: () => pdf.bufferedPageRange().count,
    turnTo: (index) => void pdf.switchToPage(index),
    finish: async () => {
      pdf.end();
      await done;
      return Buffer.concat(chunks);
    },
  };
}
