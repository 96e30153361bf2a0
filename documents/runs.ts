import type { Face } from './faces.ts';

/** A stretch of text that one font has every character of. */
export interface Run {
  readonly face: Face;
  readonly text: string;
}

/** Stands for a character that no font has; Chinese and Japanese printers have used it for that since they cast type. */
export const missing = '〓';

const graphemes = new Intl.Segmenter('und', { granularity: 'grapheme' });

/** Joiners and variation selectors show nothing of their own. */
const invisible = /[\p{Cf}\u{FE00}-\u{FE0F}\u{E0100}-\u{E01EF}]/gu;

function hasAll(face: Face, text: string): boolean {
  return Array.from(text).every((character) => face.has(character.codePointAt(0) ?? 0));
}

/** Splits a text by the fonts that have its characters, the first font first; what none has becomes 〓. Control characters are left out. */
export function runsOf(text: string, faces: readonly Face[]): Run[] {
  const runs: { face: Face; text: string }[] = [];
  for (const { segment } of graphemes.segment(text.toWellFormed().normalize('NFC'))) {
    const plain = segment.replaceAll(/\p{Cc}/gu, '').replaceAll(invisible, '');
    if (plain === '') continue;
    const [first] = faces;
    const face = faces.find((each) => hasAll(each, plain)) ?? first;
    if (face === undefined) throw new Error('There is no font.');
    const shown = hasAll(face, plain) ? plain : missing;
    const last = runs.at(-1);
    if (last?.face === face) last.text += shown;
    else runs.push({ face, text: shown });
  }
  return runs;
}
