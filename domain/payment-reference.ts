/** Digits and the letters that are not taken for another: O is read as 0, I and L as 1, S as 5, U as V. 31 characters, a prime number. */
const alphabet = '0123456789ABCDEFGHJKMNPQRTVWXYZ';
const size = alphabet.length;
const length = 9;
const payload = length - 2;

/**
 * Each character's weight in the second check: powers of 3, all different modulo 31 (3 is a primitive root). In the first check each counts once.
 *
 * This is the Reed–Solomon code [9, 7, 3] over the field of 31 elements: any two references differ in at least three characters, so every change of one or two of
 * them is noticed – one wrong character, and two exchanged wherever they stand – where ISO 7064 MOD 37,36 promises the first and most of the second.
 */
const weights = Array.from({ length }, (_, index) => 3 ** index % size);

const separator = size;
const other = size + 1;

/** What each character below 128 stands for: its value, a separator, or something that is no part of a reference. */
const meaning = Array.from({ length: 128 }, (_, code) => {
  const character = String.fromCharCode(code).toUpperCase();
  const twin = { O: '0', I: '1', L: '1', S: '5', U: 'V' }[character] ?? character;
  const value = alphabet.indexOf(twin);
  if (value !== -1) return value;
  return /[\s.\-_/,']/u.test(character) ? separator : other;
});

/** Hyphens, dashes, the mark that lengthens kana, and spaces that have no width. */
const foreignSeparator =
  /[\u00AD\u1806\u200B-\u200D\u2010-\u2015\u2028\u2029\u2060\u2212\u30FB\u30FC\uFEFF]/u;

const firstLetter = alphabet.indexOf('A');
const doubtful = new Set([0, 1, 5]);

/** Part of the rule: at least two digits that are read for nothing else, and two letters; so neither a word, a date nor an account number is one. */
function isMixed(values: readonly number[], from = 0): boolean {
  let digits = 0;
  let letters = 0;
  for (let index = from; index < from + length; index++) {
    const value = values[index] as number;
    if (value >= firstLetter) letters++;
    else if (!doubtful.has(value)) digits++;
  }
  return digits >= 2 && letters >= 2;
}

function isChecked(values: readonly number[], from = 0): boolean {
  let plain = 0;
  let weighted = 0;
  for (let index = 0; index < length; index++) {
    const value = values[from + index] as number;
    plain += value;
    weighted += value * (weights[index] as number);
  }
  return plain % size === 0 && weighted % size === 0;
}

const modulo = (value: number): number => ((value % size) + size) % size;

/** The two check values: what makes both sums nothing modulo 31. */
function checksOf(values: readonly number[]): [number, number] {
  const plain = values.reduce((sum, value) => sum + value, 0);
  const weighted = values.reduce((sum, value, index) => sum + value * (weights[index] as number), 0);
  const [first, second] = [weights[payload] as number, weights[payload + 1] as number];
  for (let last = 0; last < size; last++) {
    const before = modulo(-plain - last);
    if (modulo(weighted + before * first + last * second) === 0) return [before, last];
  }
  throw new Error('Two different weights always have a solution.');
}

const textOf = (values: readonly number[]): string => values.map((value) => alphabet[value]).join('');

/**
 * A reference for a transfer (P5): 9 characters without separators, 7 of them by chance – of 27 thousand million, so that with 100,000 payments under way a text
 * that is none of them hits one less than once in 200 million times – and 2 to check them.
 *
 * @param random a whole number from 0 to below `max`, unforeseeable: `randomInt` of node:crypto
 */
export function newReference(random: (max: number) => number): string {
  for (;;) {
    const values = Array.from({ length: payload }, () => random(size));
    const all = [...values, ...checksOf(values)];
    if (isMixed(all)) return textOf(all);
  }
}

/** As it is shown to people: in three groups of three, `K7M-2X9-QA4`. */
export function showReference(reference: string): string {
  return reference.replace(/^(.{3})(.{3})(.{3})$/u, '$1-$2-$3');
}

function meaningOf(character: string, code: number): number {
  if (code < 128) return meaning[code] as number;
  return foreignSeparator.test(character) || /\s/u.test(character) ? separator : other;
}

/** Characters that follow one another with nothing but separators between them, and where a separator stood. */
interface Run {
  readonly values: number[];
  /** Whether something begins before the value with this index: at the end there is one more. */
  readonly edges: boolean[];
}

function runsOf(text: string): Run[] {
  const runs: Run[] = [];
  let run: Run = { values: [], edges: [true] };
  const end = () => {
    run.edges[run.values.length] = true;
    if (run.values.length >= length) runs.push(run);
    run = { values: [], edges: [true] };
  };
  for (let index = 0; index < text.length; index++) {
    const value = meaningOf(text[index] as string, text.charCodeAt(index));
    if (value === other) end();
    else if (value === separator) run.edges[run.values.length] = true;
    else {
      run.values.push(value);
      run.edges[run.values.length] ??= false;
    }
  }
  end();
  return runs;
}

/**
 * The references in a text that somebody typed or a bank broke up (P5, P9), in their order, each once: small letters, full-width characters, O for 0, I and l for 1,
 * with spaces, line breaks, dots, hyphens in them, glued to what stands before or after (not both). A wrong one is not found.
 */
export function findReferences(text: string): string[] {
  const found = new Set<string>();
  for (const { values, edges } of runsOf(text.normalize('NFKC'))) {
    for (let from = 0; from + length <= values.length; from++) {
      if (!edges[from] && !edges[from + length]) continue;
      if (isChecked(values, from) && isMixed(values, from))
        found.add(textOf(values.slice(from, from + length)));
    }
  }
  return [...found];
}

/** A reference as it is stored, of a text that is meant to be one and nothing else; undefined when it is none, or mistyped. */
export function normaliseReference(text: string): string | undefined {
  const [run, ...more] = runsOf(text.normalize('NFKC').trim());
  if (!run || more.length > 0 || run.values.length !== length) return undefined;
  return isChecked(run.values) && isMixed(run.values) ? textOf(run.values) : undefined;
}
