import { isBirthDate } from './birth-dates.ts';
import { commonPasswords } from './common-passwords.ts';
import type { PasswordPolicy } from './policy-access.ts';

export { isBirthDate } from './birth-dates.ts';

/** What is wrong with a password; lengths count characters. */
export type PasswordProblem =
  | { readonly code: 'too-short'; readonly min: number }
  | { readonly code: 'too-long'; readonly max: number }
  | { readonly code: 'characters' }
  | { readonly code: 'birth-date' }
  | { readonly code: 'common' };

/** Longest password taken where a library sets no limit: keeps hashing time bounded. */
export const longestPassword = 128;

const alphabets = [
  '0123456789',
  'abcdefghijklmnopqrstuvwxyz',
  'qwertyuiop',
  'qwertzuiop',
  'asdfghjkl',
  'zxcvbnm',
  'yxcvbnm',
];

/** Ascending, descending or one and the same character: `3456`, `dcba`, `0000`. */
function isRun(text: string): boolean {
  const backwards = Array.from(text).toReversed().join('');
  const same = new Set(text).size === 1;
  return same || alphabets.some((row) => (row + row).includes(text) || (row + row).includes(backwards));
}

/** Whether the text is nothing but common words and runs, one after the other: `passwort1234`, `sakurasakura`. */
function isMadeOf(text: string, list: ReadonlySet<string>): boolean {
  const reached = [true];
  for (let end = 1; end <= text.length; end += 1) {
    reached[end] = reached.some((start, from) => {
      const part = text.slice(from, end);
      return start && part.length >= 3 && (list.has(part) || isRun(part));
    });
  }
  return reached[text.length] === true;
}

function isCommon(password: string, list: ReadonlySet<string>): boolean {
  const text = password.normalize('NFKC').toLowerCase();
  const core = text.replaceAll(/^[\W_]{1,4}|[\W_]{1,4}$/gu, '');
  const yearless = core.replace(/(?:19|20)\d\d$|\d{1,2}$/u, '');
  return [text, core, yearless].some((each) => each !== '' && isMadeOf(each, list));
}

export interface PasswordRequest {
  readonly password: string;
  readonly policy: PasswordPolicy;
  /** `YYYY-MM-DD`, or null when it is not known. */
  readonly birthDate: string | null;
  readonly commonList?: ReadonlySet<string>;
}

/** Everything that is wrong with a new password (A8, A9); empty when it can be taken. */
export function passwordReasons({
  password,
  policy,
  birthDate,
  commonList,
}: PasswordRequest): PasswordProblem[] {
  const length = Array.from(password).length;
  const max = policy.max ?? longestPassword;
  const problems: PasswordProblem[] = [];
  if (length < policy.min) problems.push({ code: 'too-short', min: policy.min });
  if (length > max) problems.push({ code: 'too-long', max });
  if (policy.characters === 'letters-digits' && !/^[A-Za-z0-9]*$/u.test(password))
    problems.push({ code: 'characters' });
  if (isBirthDate(password, birthDate)) problems.push({ code: 'birth-date' });
  if (policy.refuseCommon && length <= max && isCommon(password, commonList ?? commonPasswords)) {
    problems.push({ code: 'common' });
  }
  return problems;
}
