import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { configTable } from '../../config/table.ts';

test("the README's configuration table is the one the settings make", () => {
  const readme = readFileSync('README.md', 'utf8');
  const shown = readme.split('<!-- configuration -->\n')[1]?.split('<!-- /configuration -->')[0]?.trim();
  expect(shown).toBe(configTable().trim());
});
