import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type Language, languages } from '../../domain/languages.ts';
import { refusalCodes } from '../../domain/refusal.ts';
import { accessProblemCodes, generalProblemCodes, passwordProblemCodes } from '../../notices/codes.ts';
import { readCatalogues } from '../../notices/locale-files.ts';
import { createTexts } from '../../notices/texts.ts';
import { localesDirectory, texts } from './fixtures.ts';

const catalogues = readCatalogues(localesDirectory);

const keysOf = (language: Language) =>
  [...new Set([...catalogues[language].keys()].map((key) => key.replace(/_(one|other)$/, '')))].toSorted();

describe('the texts of the project', () => {
  test('G3 every language has the same texts', () => {
    expect(keysOf('ja').length).toBeGreaterThan(250);
    for (const language of languages) expect(keysOf(language)).toEqual(keysOf('ja'));
  });

  test.each([...refusalCodes, ...generalProblemCodes, ...passwordProblemCodes, ...accessProblemCodes])(
    'G3 %s is explained in every language, with and without its data',
    (code) => {
      const data = {
        limit: 10,
        has: 10,
        kind: 'book',
        min: 4,
        max: 10,
        expiresOn: '2026-10-01',
        paidUntil: '2026-10-01',
        dueAt: '2026-10-01T09:00:00Z',
        until: 1_800_000_000_000,
        timeZone: 'Asia/Tokyo',
      };
      for (const language of languages) {
        for (const { title, detail } of [
          texts.problem(language, code),
          texts.problem(language, code, data),
        ]) {
          expect(title).toMatch(/\S/);
          expect(detail).toMatch(/[.。]$/);
          expect(title + detail).not.toMatch(/\{\{|\}\}|problem\./);
        }
      }
    },
  );

  test('G3 German and English say something else than each other, Japanese and Chinese are in their own script', () => {
    for (const code of refusalCodes) {
      const [ja, zh, de, en] = languages.map((language) => texts.problem(language, code).detail);
      expect(ja).toMatch(/[\p{Script=Hiragana}]/u);
      expect(zh).toMatch(/[\p{Script=Han}]/u);
      expect(zh).not.toMatch(/[\p{Script=Hiragana}\p{Script=Katakana}]/u);
      expect(de).not.toBe(en);
    }
  });
});

describe('a broken set of texts', () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'locales-'));
    for (const language of languages) {
      const file = `${language}.yaml`;
      writeFileSync(join(directory, file), readFileSync(join(localesDirectory, file)));
    }
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  const attempt = () => createTexts(directory);

  const change = (language: string, from: string, to: string) => {
    const file = join(directory, `${language}.yaml`);
    const before = readFileSync(file, 'utf8');
    expect(before).toContain(from);
    writeFileSync(file, before.replace(from, to));
  };

  test('G3 is refused at the start, with all that is missing in all languages', () => {
    change('de', '    waiting: "Vorgemerkt"\n', '');
    change('zh', '  common:\n    title: "密码过于简单"\n', '  common:\n');
    change('en', '    keep-days_one:', '    keep-days_two:');
    expect(attempt).toThrow('de: state.hold.waiting is missing');
    expect(attempt).toThrow('zh: problem.common.title is missing');
    expect(attempt).toThrow('en: notice.secured.keep-days_one is missing');
  });

  test('G3 is refused when a code has no text in any language', () => {
    for (const language of languages) change(language, '  hold-ended:', '  hold-ended-renamed:');
    expect(attempt).toThrow('ja: problem.hold-ended.title is missing');
  });

  test('G3 is refused when placeholders differ, are broken or ask for an unknown format', () => {
    change('de', 'höchstens {{max}} Zeichen', 'höchstens {{maximum}} Zeichen');
    change('en', 'Telephone: {{phone}}', 'Telephone: {{phone}');
    change('ja', '{{expiresOn, day}}', '{{expiresOn, today}}');
    expect(attempt).toThrow(/problem\.too-long\.detail has other placeholders/);
    expect(attempt).toThrow('en: notice.footer.phone has a broken placeholder');
    expect(attempt).toThrow('ja: problem.patron-expired.detail asks for the unknown format today');
  });

  test('G3 is refused when an explanation with data has no general form beside it', () => {
    for (const language of languages) change(language, '    plain:', '    plainer:');
    expect(attempt).toThrow('problem.patron-expired.plain is missing in all languages');
  });

  test('is refused when a file is missing', () => {
    rmSync(join(directory, 'zh.yaml'));
    expect(attempt).toThrow(/Cannot read the texts in .*zh\.yaml/);
  });
});
