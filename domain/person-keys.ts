import { domainToASCII } from 'node:url';
import { commonForms } from './name-variants.ts';
import { normalise, queryTerms } from './text.ts';

/** What is known of a person when duplicates are looked for; `birthDate` is `YYYY-MM-DD`. */
export interface Person {
  readonly name: string;
  readonly birthDate: string | null;
  readonly email: string | null;
  readonly phone: string | null;
  /** A student or staff number, or a chosen login. */
  readonly login?: string | null;
}

/** Why two records are likely the same person. */
export const likenesses = ['name-and-birth-date', 'email', 'phone', 'login'] as const;

export type Likeness = (typeof likenesses)[number];

const smallKana = 'ぁぃぅぇぉっゃゅょゎゕゖ';
const largeKana = 'あいうえおつやゆよわかけ';
const oldKana: Readonly<Record<string, string>> = { ゐ: 'い', ゑ: 'え', を: 'お', ぢ: 'じ', づ: 'ず' };

function plainKana(text: string): string {
  return text
    .replaceAll(/[ぁぃぅぇぉっゃゅょゎゕゖ]/gu, (kana) => largeKana[smallKana.indexOf(kana)] ?? kana)
    .replaceAll(/[ゐゑをぢづ]/gu, (kana) => oldKana[kana] ?? kana)
    .replaceAll('ー', '');
}

/** `ae`, `oe` and `ue` are how ä, ö and ü are written without their marks; `ou` and `oo`, how Japanese ō is. */
function plainVowels(text: string): string {
  return text
    .replaceAll(/(?<=[aou])e/gu, '')
    .replaceAll(/(?<=o)[ou]+/gu, '')
    .replaceAll(/(?<=u)u+/gu, '');
}

const plain = (text: string) => plainVowels(plainKana(commonForms(text)));

const spaceless = /^[\p{Script=Han}\p{Script=Hiragana}々〆]+$/u;

/**
 * The forms under which a name is compared: whatever the width, case, accents, kana and variant characters. The words of a Latin, Greek, Cyrillic or Korean name come in
 * the order of their letters, since family and given name stand in either order. A Chinese or Japanese name written in two parts is compared in both orders.
 */
export function nameKeys(name: string): string[] {
  const words = queryTerms(name)
    .map(plain)
    .filter((word) => word !== '');
  const joined = plain(normalise(name));
  if (joined === '') return [];
  if (!words.every((word) => spaceless.test(word))) return [words.toSorted().join(' ')];
  return [...new Set([joined, words.toReversed().join('')])];
}

/** Whether one name may be a shorter form of the other: all its words – two at least – are the other's too. */
function isPartOf(one: string, other: string): boolean {
  const words = one.split(' ');
  const all = new Set(other.split(' '));
  return words.length > 1 && words.every((word) => all.has(word));
}

function isSameName(one: string, other: string): boolean {
  const others = nameKeys(other);
  return nameKeys(one).some((a) => others.some((b) => a === b || isPartOf(a, b) || isPartOf(b, a)));
}

const undotted = new Set(['gmail.com', 'googlemail.com']);

/**
 * The mailbox an address leads to, for comparing only: without case, width, `+tag` and, at Gmail, dots; a domain in its ASCII form. Null when there is no address.
 */
export function emailKey(email: string | null): string | null {
  const text = email?.normalize('NFKC').trim().toLowerCase() ?? '';
  const at = text.lastIndexOf('@');
  if (at < 1) return null;
  const domain = domainToASCII(text.slice(at + 1)) || text.slice(at + 1);
  const box = text.slice(0, at).replace(/(?<=.)\+.*$/u, '');
  return undotted.has(domain) ? `${box.replaceAll('.', '')}@gmail.com` : `${box}@${domain}`;
}

const shortestPhone = 7;

/** A telephone number's digits; `abroad` when it states its country. */
interface Phone {
  readonly digits: string;
  readonly abroad: boolean;
}

function readPhone(text: string | null): Phone | undefined {
  const written = (text ?? '').normalize('NFKC').replaceAll(/\(0\)/gu, '').trim();
  const main = written.replace(/(?:ext|x|#|内線|分机|转|durchwahl|app).*$/iu, '');
  const dialled = main.replaceAll(/\D/gu, '');
  const abroad = main.trim().startsWith('+') || dialled.startsWith('00');
  const digits = dialled.replace(/^0+/u, '');
  return digits.length < shortestPhone ? undefined : { digits, abroad };
}

/**
 * The end of a telephone number by which candidates are found: its last seven digits, whatever its country prefix, spaces and width. Null for what is no number.
 */
export function phoneKey(phone: string | null): string | null {
  return readPhone(phone)?.digits.slice(-shortestPhone) ?? null;
}

/** `+86 138 …` and `138 …` are the same number: the longer states a country, of one to three digits, before the other's. */
function isSamePhone(one: string | null, other: string | null): boolean {
  const [a, b] = [readPhone(one), readPhone(other)];
  if (!a || !b) return false;
  if (a.digits === b.digits) return true;
  const [longer, shorter] = a.digits.length > b.digits.length ? [a, b] : [b, a];
  const country = longer.digits.length - shorter.digits.length;
  return longer.abroad && !shorter.abroad && country <= 3 && longer.digits.endsWith(shorter.digits);
}

const isSame = (one: string | null | undefined, other: string | null | undefined) =>
  one != null && one !== '' && one === other;

const loginKey = (login: string | null | undefined) => login?.normalize('NFKC').trim().toLowerCase();

/** Why two people are likely the same (issue 4: name with birth date, mail, phone, login); empty when nothing speaks for it. Symmetric. */
export function likeness(one: Person, other: Person): Likeness[] {
  const found: Readonly<Record<Likeness, boolean>> = {
    'name-and-birth-date': isSame(one.birthDate, other.birthDate) && isSameName(one.name, other.name),
    email: isSame(emailKey(one.email), emailKey(other.email)),
    phone: isSamePhone(one.phone, other.phone),
    login: isSame(loginKey(one.login), loginKey(other.login)),
  };
  return likenesses.filter((each) => found[each]);
}
