import { randomInt } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { array, assert, boolean, constantFrom, nat, property, tuple } from 'fast-check';
import {
  findReferences,
  newReference,
  normaliseReference,
  showReference,
} from '../../domain/payment-reference.ts';

const characters = '0123456789ABCDEFGHJKMNPQRTVWXYZ';

/** Any reference there is: the choices its characters are made of come from the generator, then from a counter, so that it always ends. */
const reference = array(nat(30), { minLength: 7, maxLength: 7 }).map((choices) => {
  let asked = 0;
  return newReference((max) => ((choices[asked % 7] as number) + 5 * Math.floor(asked++ / 7)) % max);
});

const put = (text: string, at: number, character: string): string =>
  text.slice(0, at) + character + text.slice(at + 1);

test('P5 every change of one or two characters of a reference is noticed, so every exchange of two is', () => {
  assert(
    property(reference, nat(8), nat(30), nat(8), nat(30), (ref, i, a, j, b) => {
      const changed = put(put(ref, i, characters[a] as string), j, characters[b] as string);
      expect(normaliseReference(changed)).toBe(changed === ref ? ref : undefined);
    }),
    { numRuns: 3000 },
  );
});

test('P5 of one reference, each wrong character and each exchange of any two is noticed', () => {
  const ref = newReference(randomInt);
  const wrong = new Set<string>();
  for (let i = 0; i < 9; i++) {
    for (const character of characters) wrong.add(put(ref, i, character));
    for (let j = 0; j < i; j++) wrong.add(put(put(ref, i, ref[j] as string), j, ref[i] as string));
  }
  wrong.delete(ref);
  expect([...wrong].filter((text) => normaliseReference(text) !== undefined)).toEqual([]);
  expect(wrong.size).toBeGreaterThan(270);
});

const confusions: Record<string, string[]> = { 0: ['0', 'O', 'o'], 1: ['1', 'I', 'l', 'i', 'L'] };
const separators = ['', ' ', '.', '-', '\u2013', '\u3000', ' - ', '\r\n', '\u2011'];
const wide = (text: string): string =>
  text.replaceAll(/[!-~]/gu, (character) => String.fromCharCode(character.charCodeAt(0) + 0xfee0));

const typed = reference.chain((ref) =>
  tuple(
    ...Array.from(ref, (character) =>
      tuple(
        constantFrom(...(confusions[character] ?? [character, character.toLowerCase()])),
        constantFrom(...separators),
      ),
    ),
    boolean(),
  ).map((parts) => {
    const isWide = parts.pop() as boolean;
    const text = (parts as [string, string][]).flat().join('').trim();
    return { ref, text: isWide ? wide(text) : text };
  }),
);

test('P5 a reference is read however it is typed: small, spaced, dotted, full-width, O for 0, l for 1', () => {
  assert(
    property(typed, ({ ref, text }) => {
      expect(normaliseReference(text)).toBe(ref);
      expect(findReferences(`图书馆文献传递费${text}谢谢`)).toContain(ref);
      expect(findReferences(`Rechnung Nr. 17, ${text}. Danke!`)).toContain(ref);
    }),
    { numRuns: 1000 },
  );
});

test.each([27, 35])('P5 a reference is found when the bank breaks its text after %i characters', (width) => {
  const ref = newReference(randomInt);
  for (let before = 0; before < 60; before++) {
    const text = `${'Verwendungszweck '.repeat(4).slice(0, before)} ${showReference(ref)} DANKE FUER ALLES`;
    const lines = text.match(new RegExp(`.{1,${width}}`, 'gu')) as string[];
    for (const gap of [' ', '\n', '\r\n'])
      expect({ before, found: findReferences(lines.join(gap)) }).toEqual({ before, found: [ref] });
  }
});

test('P5 a reference is found glued to what stands before it or after it, and two in one text are both found', () => {
  const [one, two] = [newReference(randomInt), newReference(randomInt)];
  expect(findReferences(`SVWZ+VERWENDUNGSZWECK${one}`)).toContain(one);
  expect(findReferences(`RF18${one}`)).toContain(one);
  expect(findReferences(`${one}DANKE`)).toContain(one);
  expect(findReferences(`für ${showReference(one)} und ${two}, bitte; noch einmal ${one}`)).toEqual([
    one,
    two,
  ]);
});

test('P5 texts of a statement that hold no reference hardly ever seem to: words, dates, account numbers never', () => {
  const innocent = [
    'MIETE DEZEMBER 2026 WOHNUNG 3 LINKS',
    'IBAN DE89370400440532013000 BIC COBADEFFXXX',
    'EREF+NOTPROVIDED MREF+M-2026-000123 CRED+DE98ZZZ09999999999',
    '1202024609908808891 浙江大学 图书馆文献传递费',
    '2026-12-01 18:22:07 4711 0815',
  ];
  for (const text of innocent) expect(findReferences(text)).toEqual([]);
  const digits = array(nat(9), { maxLength: 140 }).map((each) => each.join(''));
  assert(property(digits, (text) => findReferences(text).length === 0));
});

test('P5 two references are never alike by chance', () => {
  const made = new Set(Array.from({ length: 20_000 }, () => newReference(randomInt)));
  expect(made.size).toBe(20_000);
  for (const ref of made) expect(ref).toMatch(/^[0-9A-HJKMNP-RTV-Z]{9}$/u);
});

test('P5 ten thousand lines of a statement are read in no time', () => {
  const lines = Array.from(
    { length: 10_000 },
    (_, index) =>
      `SVWZ+图书馆文献传递费 ${newReference(randomInt)} EREF+NOTPROVIDED-${index} IBAN DE89370400440532013000 Überweisung vom 01.12.2026, Danke für die Lieferung`,
  );
  const started = performance.now();
  const found = lines.reduce((count, line) => count + findReferences(line).length, 0);
  expect(found).toBeGreaterThanOrEqual(10_000);
  expect(performance.now() - started).toBeLessThan(10_000);
});
