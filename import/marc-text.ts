/** Marks that only steer display: controls (among them MARC's non-sorting marks) and the direction marks around Arabic and Hebrew text. */
const invisible = /[\p{Cc}\u200E\u200F\u202A-\u202E\u2066-\u2069\uFEFF]/gu;

const separator = /[\s/:;=,，、،／：；＝]+$/u;

/** A full stop that ends a statement; one after an initial or a short abbreviation belongs to the name. */
const closingStop =
  /(?<=\p{L}\p{M}*\p{L}\p{M}*|[\p{N}\p{P}\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}])[.．]$/u;

const latin = /\p{Script=Latin}/u;
const otherScript = /(?!\p{Script=Latin})\p{L}(?<!\p{Script=Common})/u;

/** One line of plain text. */
export function plain(text: string): string {
  return text.replaceAll(invisible, '').replaceAll(/\s+/gu, ' ').trim();
}

/** A bracket that is opened in one element and closed in another, as in `[Moskva], Ogiz, 1941]`. */
function withoutLoneBracket(text: string): string {
  if (text.includes(']') && !text.includes('[')) return text.replace(/\]$/u, '');
  return text.includes('[') && !text.includes(']') ? text.replace(/^\[/u, '') : text;
}

/** Text without the punctuation that cataloguing rules put before the next element. */
export function withoutClosingMarks(text: string): string {
  const bare = plain(text).replace(separator, '').replace(closingStop, '').replace(separator, '');
  return withoutLoneBracket(bare);
}

/** Whether a text is in Latin script alone, as romanised titles are. */
export function isLatin(text: string): boolean {
  return latin.test(text) && !otherScript.test(text);
}

/** At most `length` UTF-16 units of a text, never half a character. */
export function shortened(text: string, length: number): string {
  return text.slice(0, length).replace(/[\uD800-\uDBFF]$/, '');
}

/** A title without the article that German practice puts between non-sorting marks. */
export function withoutNonSorting(text: string): string {
  return text.replaceAll(/\u0098[^\u009C]*\u009C/gu, '');
}
