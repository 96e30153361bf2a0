import type { Mistake } from './model.ts';

const most = 200;
const longestValue = 60;

export interface Mistakes {
  readonly add: (mistake: Mistake) => void;
  readonly list: () => readonly Mistake[];
  readonly some: () => boolean;
}

/** Collects what is wrong with a file, two hundred of it at most: who has put those right sends the file again. */
export function createMistakes(): Mistakes {
  const found: Mistake[] = [];
  let more = false;
  return {
    add(mistake) {
      if (found.length < most)
        found.push(
          mistake.value === undefined ? mistake : { ...mistake, value: mistake.value.slice(0, longestValue) },
        );
      else more = true;
    },
    list: () => (more ? [...found, { code: 'too-many', line: found.at(-1)?.line ?? 1 }] : found),
    some: () => found.length > 0,
  };
}

/** The file cannot be read on from here. */
export class Unreadable extends Error {
  override readonly name = 'Unreadable';
  readonly mistake: Mistake;

  constructor(mistake: Mistake) {
    super(`${mistake.code}, line ${mistake.line}`);
    this.mistake = mistake;
  }
}
