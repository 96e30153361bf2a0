import { isoMarks, readAmount } from './amounts.ts';
import { isoDay } from './days.ts';
import type { Mistakes } from './mistakes.ts';
import type { Amount, Mistake } from './model.ts';
import type { Element } from './xml.ts';

/** Reads one piece of a document and tells what is wrong with it; `path` is where it stands. */
export interface Reading {
  readonly path: string;
  readonly mistakes: Mistakes;
}

export const child = (element: Element | undefined, name: string): Element | undefined =>
  element?.children.find((each) => each.name === name);

export const children = (element: Element | undefined, name: string): Element[] =>
  element?.children.filter((each) => each.name === name) ?? [];

/** The element at the end of a path of names, `RltdPties/Dbtr/Nm`. */
export function at(element: Element | undefined, path: string): Element | undefined {
  let found = element;
  for (const name of path.split('/')) found = child(found, name);
  return found;
}

/** The first of several places that says something; its text without blanks around it, blanks within made single. */
export function textAt(element: Element | undefined, ...paths: readonly string[]): string | null {
  for (const path of paths) {
    const text = at(element, path)?.text.replaceAll(/\s+/gu, ' ').trim();
    if (text) return text;
  }
  return null;
}

export const joined = (elements: readonly Element[]): string =>
  elements
    .map(({ text }) => text.replaceAll(/\s+/gu, ' ').trim())
    .filter((text) => text !== '')
    .join(' ');

/** Tells what is wrong at an element. */
export function wrong(
  { path, mistakes }: Reading,
  element: Element,
  name: string,
  code: Mistake['code'],
  expected?: string,
): undefined {
  const value = element.name === name.split('/').at(-1) ? element.text.trim() : undefined;
  mistakes.add({
    code,
    line: element.line,
    path: `${path}/${name}`,
    ...(value !== undefined && value !== '' && { value }),
    ...(expected !== undefined && { expected }),
  });
  return undefined;
}

/** An amount with its currency, above zero or zero; the sign stands elsewhere. */
export function amountAt(reading: Reading, parent: Element, name: string): Amount | undefined {
  const element = at(parent, name);
  if (!element) return wrong(reading, parent, name, 'element-missing');
  if (element.currency === undefined) return wrong(reading, element, `${name}/@Ccy`, 'element-missing');
  const read = readAmount(element.text, element.currency, isoMarks);
  if (typeof read === 'string') return wrong(reading, element, name, read, element.currency);
  return read.minor < 0n ? wrong(reading, element, name, 'amount-invalid') : read;
}

/** 1 for what the account's holder gets, -1 for what they give. */
export function directionAt(reading: Reading, parent: Element): 1n | -1n | undefined {
  const element = child(parent, 'CdtDbtInd');
  if (!element) return wrong(reading, parent, 'CdtDbtInd', 'element-missing');
  const text = element.text.trim();
  if (text === 'CRDT') return 1n;
  return text === 'DBIT' ? -1n : wrong(reading, element, 'CdtDbtInd', 'indicator-unknown', 'CRDT, DBIT');
}

/** A day, stated as one or as an instant; undefined where there is none, or, after telling so, where it is no day. */
export function dayAt(reading: Reading, parent: Element, name: string): string | undefined {
  const element = at(parent, `${name}/Dt`) ?? at(parent, `${name}/DtTm`);
  if (!element) return undefined;
  return isoDay(element.text) ?? wrong(reading, element, `${name}/${element.name}`, 'date-invalid');
}

export function yes(reading: Reading, parent: Element, name: string): boolean {
  const element = child(parent, name);
  const text = element?.text.trim();
  if (element && text !== undefined && !['true', '1', 'false', '0'].includes(text))
    wrong(reading, element, name, 'indicator-unknown', 'true, false');
  return text === 'true' || text === '1';
}
