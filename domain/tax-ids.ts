import type { Reason } from './refusal.ts';

/** GB 32100-2015: no I, O, S, V, Z, which are read as digits. */
const creditAlphabet = '0123456789ABCDEFGHJKLMNPQRTUWXY';
const creditWeights = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28] as const;

/** The check character of a unified social credit code (统一社会信用代码) by its first 17 characters. */
export function creditCodeCheck(first17: string): string {
  const sum = creditWeights.reduce(
    (total, weight, index) => total + weight * creditAlphabet.indexOf(first17[index] ?? ''),
    0,
  );
  return creditAlphabet[(31 - (sum % 31)) % 31] ?? '';
}

/** What follows the letters of the country in a VAT number of the European Union. */
const vatShapes: Readonly<Record<string, RegExp>> = {
  AT: /^U\d{8}$/,
  BE: /^[01]\d{9}$/,
  BG: /^\d{9,10}$/,
  CY: /^\d{8}[A-Z]$/,
  CZ: /^\d{8,10}$/,
  DE: /^\d{9}$/,
  DK: /^\d{8}$/,
  EE: /^\d{9}$/,
  ES: /^[A-Z0-9]\d{7}[A-Z0-9]$/,
  FI: /^\d{8}$/,
  FR: /^[A-HJ-NP-Z0-9]{2}\d{9}$/,
  GR: /^\d{9}$/,
  HR: /^\d{11}$/,
  HU: /^\d{8}$/,
  IE: /^\d[A-Z0-9+*]\d{5}[A-Z]{1,2}$/,
  IT: /^\d{11}$/,
  LT: /^(\d{9}|\d{12})$/,
  LU: /^\d{8}$/,
  LV: /^\d{11}$/,
  MT: /^\d{8}$/,
  NL: /^\d{9}B\d{2}$/,
  PL: /^\d{10}$/,
  PT: /^\d{9}$/,
  RO: /^\d{2,10}$/,
  SE: /^\d{12}$/,
  SI: /^\d{8}$/,
  SK: /^\d{10}$/,
};

/** Greece writes EL before its numbers. */
const vatLetters = (country: string): string => (country === 'GR' ? 'EL' : country);

/** As tax numbers are written down: in capitals, without what only parts their groups. */
export function tidyTaxId(taxId: string): string {
  return taxId
    .normalize('NFKC')
    .toUpperCase()
    .replaceAll(/[\s.\-/]/g, '');
}

function chinese(taxId: string): Reason[] {
  // Numbers from before 2015 have 15 characters, those of sole traders 20, and no check character of this kind.
  if (/^([0-9A-Z]{15}|[0-9A-Z]{20})$/.test(taxId)) return [];
  if (!/^[0-9A-HJ-NP-RTUWXY]{18}$/.test(taxId)) return [{ code: 'tax-id-form' }];
  return taxId[17] === creditCodeCheck(taxId) ? [] : [{ code: 'tax-id-check' }];
}

const form = (fits: boolean): Reason[] => (fits ? [] : [{ code: 'tax-id-form' }]);

/**
 * Why a tax number cannot be right (P5), by the rule of its country (ISO 3166): the check character of China's unified social credit code, the shape of a VAT
 * number in the European Union, and of Japan's registration number, T with 13 digits. Of other countries any will do. The number is tidied.
 */
export function taxIdReasons(country: string, taxId: string): Reason[] {
  if (country === 'CN') return chinese(taxId);
  if (country === 'JP') return form(/^T\d{13}$/.test(taxId));
  const shape = vatShapes[country];
  if (shape === undefined) return [];
  const letters = vatLetters(country);
  return form(taxId.startsWith(letters) && shape.test(taxId.slice(letters.length)));
}
