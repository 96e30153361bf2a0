import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import Pdf from 'pdfkit';
import type { Language } from '../domain/languages.ts';

/** A font as pdfkit has read it. */
export interface Font {
  hasGlyphForCodePoint(codePoint: number): boolean;
}

/** A font with a name to call it by. */
export interface Face {
  readonly name: string;
  readonly font: Font;
  /** Whether it has a character. */
  readonly has: (codePoint: number) => boolean;
}

export type Weight = 'regular' | 'bold';

/** The fonts a text is set in, by weight: each character in the first that has it. */
export type Faces = Readonly<Record<Weight, readonly Face[]>>;

type Script = 'chinese' | 'japanese';

/** By package, and what the files' names begin with. */
const files: Readonly<Record<Script, readonly [string, string]>> = {
  chinese: ['@embedpdf/fonts-sc', 'NotoSansHans'],
  japanese: ['@embedpdf/fonts-jp', 'NotoSansJP'],
};

const { resolve } = createRequire(import.meta.url);
const read = new Map<string, Face>();

/** Reads a font once. pdfkit takes fonts that it has read before, which spares some 70 ms a document, but reads them only within a document. */
function faceOf(script: Script, weight: Weight): Face {
  const known = read.get(`${script}-${weight}`);
  if (known) return known;
  const [source, name] = files[script];
  // The packages export their lists only; the fonts lie beside what they export.
  const folder = join(dirname(resolve(source)), '..', 'fonts');
  const file = join(folder, `${name}-${weight === 'bold' ? 'Bold' : 'Regular'}.otf`);
  const { font } = Reflect.get(new Pdf({ font: file }), '_font') as { font: Font };
  const face = named(`${script}-${weight}`, font);
  read.set(face.name, face);
  return face;
}

function named(name: string, font: Font): Face {
  const known = new Map<number, boolean>();
  const has = (codePoint: number) => {
    const before = known.get(codePoint);
    if (before !== undefined) return before;
    const found = font.hasGlyphForCodePoint(codePoint);
    known.set(codePoint, found);
    return found;
  };
  return { name, font, has };
}

/**
 * The fonts of a language. Chinese and Japanese write many of the same characters differently; where the language is neither, those of the library's are used. Latin, Greek
 * and Cyrillic are in both.
 */
export function facesFor(language: Language, library: Language): Faces {
  const chinese = language === 'zh' || (language !== 'ja' && library === 'zh');
  const scripts: readonly Script[] = chinese ? ['chinese', 'japanese'] : ['japanese', 'chinese'];
  const of = (weight: Weight) => scripts.map((script) => faceOf(script, weight));
  return { regular: of('regular'), bold: of('bold') };
}
