function compact(text: string): string {
  return text
    .normalize('NFKC')
    .toUpperCase()
    .replaceAll(/[\s\-‐-―]/gu, '');
}

/** Sum of digit × weight, modulo; X counts ten. */
function weighted(digits: string, weights: readonly number[], modulo: number): number {
  const sum = Array.from(digits).reduce(
    (total, digit, index) => total + (digit === 'X' ? 10 : Number(digit)) * (weights[index] ?? 0),
    0,
  );
  return sum % modulo;
}

const weights13 = [1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1];
const weights10 = [10, 9, 8, 7, 6, 5, 4, 3, 2, 1];
const weights8 = [8, 7, 6, 5, 4, 3, 2, 1];

function isIsbn13(text: string): boolean {
  return /^97[89]\d{10}$/u.test(text) && weighted(text, weights13, 10) === 0;
}

function isIsbn10(text: string): boolean {
  return /^\d{9}[\dX]$/u.test(text) && weighted(text, weights10, 11) === 0;
}

function toIsbn13(isbn10: string): string {
  const body = `978${isbn10.slice(0, 9)}`;
  return `${body}${(10 - weighted(body, weights13, 10)) % 10}`;
}

function toIsbn10(isbn13: string): string {
  const body = isbn13.slice(3, 12);
  const check = (11 - weighted(body, weights10, 11)) % 11;
  return `${body}${check === 10 ? 'X' : check}`;
}

/**
 * The forms of an ISBN, without hyphens, 13 digits first: both where both exist (978…), one for 979…; none when the text is no ISBN or its
 * check digit is wrong. A label before the number and a qualification after it, as catalogues write them, are passed over.
 */
export function isbnForms(text: string): string[] {
  const unlabelled = compact(text).replace(/^ISBN(?:1[03]:|:)?/u, '');
  const isbn = /^[\dX]*/u.exec(unlabelled)?.[0] ?? '';
  if (isIsbn13(isbn)) return isbn.startsWith('978') ? [isbn, toIsbn10(isbn)] : [isbn];
  return isIsbn10(isbn) ? [toIsbn13(isbn), isbn] : [];
}

/** An ISSN as `1234-567X`; undefined when the text is none or its check digit is wrong. */
export function issn(text: string): string | undefined {
  const digits = compact(text).replace(/^ISSN:?/u, '');
  if (!/^\d{7}[\dX]$/u.test(digits) || weighted(digits, weights8, 11) !== 0) return undefined;
  return `${digits.slice(0, 4)}-${digits.slice(4)}`;
}
