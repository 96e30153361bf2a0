import { expect, test } from '@jest/globals';
import { attemptText, supplierReason } from '../../api/bodies/request-story.ts';
import { createWords } from '../../api/words.ts';
import type { AttemptRow } from '../../db/queries/request-attempts.ts';
import { languages } from '../../domain/languages.ts';
import { policies, texts } from '../support/made-once.ts';

const wordsFor = createWords({ texts, policies });
const attempt = (given: Partial<AttemptRow>) =>
  ({ outcome: 'open', status: null, reason: null, note: null, ...given }) as AttemptRow;

test('I11 what has come of a supplier is told as it is, and our reasons for going on without it in words', () => {
  const words = wordsFor('demo', 'en');
  expect(attemptText(words, attempt({}))).toBe('Asked; no answer yet');
  expect(attemptText(words, attempt({ status: 'WillSupply' }))).toBe('Promised it');
  expect(attemptText(words, attempt({ status: 'Loaned' }))).toBe('Has sent it');
  expect(attemptText(words, attempt({ status: 'Loaned', outcome: 'lost' }))).toBe('What it lent was lost');
  expect(supplierReason(words, attempt({ reason: 'NotHeld' }))).not.toBe('NotHeld');
  for (const language of languages)
    for (const reason of ['by-librarian', 'came-from-another', 'agreed', 'unanswered', 'terms-refused'])
      expect(supplierReason(wordsFor('demo', language), attempt({ reason }))).not.toBe(reason);
});
