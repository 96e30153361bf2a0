import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { Language } from '../domain/languages.ts';

/** The texts of one language by their full key: `problem.hold-limit.title`. Plural forms end in `_one`, `_other`. */
export type Catalogue = ReadonlyMap<string, string>;

export type Catalogues = Readonly<Record<Language, Catalogue>>;

function flatten(node: unknown, path: string): [string, string][] {
  if (typeof node === 'string') return [[path, node]];
  if (node === null || typeof node !== 'object' || Array.isArray(node)) {
    throw new TypeError(`the text ${path} is not a text`);
  }
  return Object.entries(node).flatMap(([key, value]) => flatten(value, path === '' ? key : `${path}.${key}`));
}

function readCatalogue(directory: string, language: Language): Catalogue {
  const file = join(directory, `${language}.yaml`);
  try {
    return new Map(flatten(parse(readFileSync(file, 'utf8')), ''));
  } catch (cause) {
    throw new Error(`Cannot read the texts in ${file}.`, { cause });
  }
}

/** Reads `<language>.yaml` of every language. Throws when a file is missing or is not a tree of texts. */
export function readCatalogues(directory: string): Catalogues {
  const read = (language: Language) => readCatalogue(directory, language);
  return { ja: read('ja'), zh: read('zh'), de: read('de'), en: read('en') };
}
