import { romanised } from './kana.ts';
import { nameKeys } from './person-keys.ts';
import { normalise } from './text.ts';

/** How a payer's name on a statement resembles a reader's, the best first. */
export const nameLikenesses = ['name', 'name-cut-off', 'name-in-part', 'name-of-family'] as const;

export type NameLikeness = (typeof nameLikenesses)[number];

/** What stands before and after names and is none: titles, forms of address, and what joins the holders of an account. */
const titles = new Set(
  (
    'dr prof professor ing dipl med phil rer nat jur hc mag msc bsc ma ba phd md mr mrs ms miss sir herr herrn frau familie fam firma ' +
    'und u and e et oder or co von der den vom zu zur sama san sensei shi'
  ).split(' '),
);
const address = /(?:様|殿|氏|さま|さん|先生|女士|小姐|同学|老师|老師|教授)$/u;

/** Where banks cut a name: the lengths of the fields of payment formats, in characters. */
const fieldLengths = [27, 35, 70];
const shortestCut = 20;

/** A name as it is compared: its keys in every script it can be read in, and its words. */
export interface PayerName {
  readonly keys: readonly string[];
  readonly words: ReadonlySet<string>;
  /** The words joined in the orders in which they may stand. */
  readonly orders: readonly string[];
  /** The joined letters of a name that a bank has cut off. */
  readonly cut: string | undefined;
}

function bare(name: string): string {
  const words = name
    .normalize('NFKC')
    .replace(/\bc\/o\b.*$/iu, '')
    .split(/[\s,;/&+.\-‐-―]+/u)
    .filter((word) => word !== '' && !titles.has(normalise(word).replaceAll(' ', '')))
    .map((word) => word.replace(address, ''));
  return words.filter((word) => word !== '').join(' ');
}

/** `ae`, `oe`, `ue` count as the vowel alone, as in the keys, so that no word of a name is another letter longer than it seems. */
const compact = (text: string): string => (nameKeys(text)[0] ?? '').replaceAll(' ', '');

function rotations(words: readonly string[]): string[] {
  return words.map((_, at) => [...words.slice(at), ...words.slice(0, at)].map(compact).join(''));
}

function isCutOff(name: string): boolean {
  const length = Array.from(name.trim()).length;
  return fieldLengths.some((each) => length === each || length === each - 1);
}

/** Reads a name once, for many comparisons: without titles, whatever its width, case, accents and script – kana are compared in Latin letters too. */
export function readName(name: string): PayerName {
  const stated = bare(name);
  const latin = romanised(stated);
  const keys = [...new Set([...nameKeys(stated), ...nameKeys(latin)])];
  const words = stated.split(' ');
  return {
    keys,
    words: new Set(keys.flatMap((key) => key.split(' '))),
    orders: [...new Set([...rotations(words), ...rotations(latin.split(' '))])],
    cut: isCutOff(name) && compact(stated).length >= shortestCut ? words.map(compact).join('') : undefined,
  };
}

function isCutForm(payer: PayerName, reader: PayerName): boolean {
  const { cut } = payer;
  return cut !== undefined && reader.orders.some((order) => order.startsWith(cut));
}

function isInPart(one: PayerName, other: PayerName): boolean {
  return one.words.size > 1 && [...one.words].every((word) => other.words.has(word));
}

const han = /^\p{Script=Han}/u;
const shortestFamilyName = 3;

function sharesFamilyName(one: PayerName, other: PayerName): boolean {
  const [first] = one.keys;
  if (first !== undefined && han.test(first))
    return other.keys.some((key) => Array.from(key)[0] === Array.from(first)[0]);
  return [...one.words].some((word) => word.length >= shortestFamilyName && other.words.has(word));
}

/**
 * How likely two names are one person's (P9): the same; the same as far as a bank has left it; the one a shorter form of the other, or one of an account's two
 * holders; or a name in common, as a parent who pays for a child has. Undefined when nothing speaks for it.
 */
export function resemblance(payer: PayerName, reader: PayerName): NameLikeness | undefined {
  if (payer.keys.some((key) => reader.keys.includes(key))) return 'name';
  if (isCutForm(payer, reader)) return 'name-cut-off';
  if (isInPart(payer, reader) || isInPart(reader, payer)) return 'name-in-part';
  return sharesFamilyName(payer, reader) ? 'name-of-family' : undefined;
}

const hintLetters = 10;

/** Names that resemble each other have one of these in common at least: what to look names up by, rather than to compare each with each. */
export function hintsOf({ keys, words, orders, cut }: PayerName): Set<string> {
  const familyNames = keys.flatMap((key) => han.exec(key)?.[0] ?? []);
  const starts = [...orders, ...(cut === undefined ? [] : [cut])].map(
    (order) => `${order.slice(0, hintLetters)}…`,
  );
  return new Set([...words, ...familyNames, ...starts]);
}
