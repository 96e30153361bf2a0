import { readFile, rename, writeFile } from 'node:fs/promises';
import { codeOf } from '../setup-error.ts';
import type { DoubleCheckout } from './books.ts';

let serial = 0;

/** What the double knew at its last stop; a file that is not there is an empty book. */
export async function readBooks(file: string): Promise<DoubleCheckout[]> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as DoubleCheckout[];
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return [];
    throw error;
  }
}

/** Writes beside and renames, so that a killed double leaves a whole file. */
export async function writeBooks(file: string, checkouts: readonly DoubleCheckout[]): Promise<void> {
  const beside = `${file}.${(serial += 1)}`;
  await writeFile(beside, JSON.stringify(checkouts));
  await rename(beside, file);
}
