export { isbnForms, issn } from './standard-numbers.ts';

const katakana = /[\u30A1-\u30F6\u30FD\u30FE]/gu;
const katakanaToHiragana = 0x60;

/** Scripts written without spaces between words. */
const unspaced = String.raw`[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}ー々〆ヶ]`;
const spaceWithin = new RegExp(String.raw`(?<=${unspaced}) +(?=${unspaced})`, 'gu');

/** Letters that no decomposition takes apart, as people without them on the keyboard write them. */
const plainForms: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  þ: 'th',
};

/** Latin, Greek and Cyrillic letters without their marks; the voice marks of kana are letters of their own and stay. */
function withoutMarks(text: string): string {
  return text
    .normalize('NFD')
    .replaceAll(/[\u0300-\u036F\uFE20-\uFE2F]/gu, '')
    .normalize('NFC');
}

function folded(text: string): string {
  return withoutMarks(text.normalize('NFKC').toLowerCase())
    .replaceAll(/[ßæœøłđðþ]/gu, (letter) => plainForms[letter] ?? letter)
    .replaceAll(katakana, (letter) => String.fromCodePoint((letter.codePointAt(0) ?? 0) - katakanaToHiragana))
    .replaceAll(/['’ʼʻʹʺ]/gu, '')
    .replaceAll(/[^\p{L}\p{M}\p{N}ー]+/gu, ' ')
    .trim();
}

/**
 * Text as it is stored for search and compared with queries: width, case, accents and letters such as ß and ł do not matter, katakana are as good as hiragana,
 * punctuation is a space, and spaces between Chinese or Japanese characters are dropped, so that 「夏目, 漱石」 is found by 「夏目漱石」. Traditional
 * and simplified characters stay apart. Normalising twice changes nothing.
 */
export function normalise(text: string): string {
  return folded(text).replaceAll(spaceWithin, '');
}

/** The words of a query, each normalised; every one of them must be found. Nothing but punctuation gives none. */
export function queryTerms(query: string): string[] {
  return [...new Set(folded(query).split(' '))].filter((term) => term !== '');
}
