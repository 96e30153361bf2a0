import { globSync, readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { eventText, toldEvents } from '../../api/bodies/event-text.ts';
import { createWords } from '../../api/words.ts';
import { languages } from '../../domain/languages.ts';
import { policies, texts } from '../support/made-once.ts';

/** Kinds that are put together where they are written. */
const composed: Readonly<Record<string, readonly string[]>> = {
  'hold-${end.state}': ['hold-lapsed', 'hold-cancelled'],
  'payment-${state}': ['payment-expired', 'payment-cancelled', 'payment-refused'],
  'voucher-${state}': ['voucher-accepted', 'voucher-refused'],
  'call-${outcome}': ['call-reached', 'call-not-reached'],
  '${step.kind}-reached': ['due-soon-reached', 'overdue-reached'],
};

/** Every kind of event that the sources write. */
function writtenEvents(): string[] {
  const sources = globSync('activities/**/*.ts').map((file) => readFileSync(file, 'utf8'));
  const recorded = sources.flatMap((source) => [
    ...source.matchAll(/record\((?:[^;]*?)kind: [`']([^`']+)[`']/g),
  ]);
  const access = globSync('api/**/*.ts')
    .map((file) => readFileSync(file, 'utf8'))
    .flatMap((source) => [...source.matchAll(/(?:event: '|recordAccess\([^;]*?, ')([a-z-]+)'/g)]);
  const told = sources.flatMap((source) =>
    [...source.matchAll(/\btell\(\s*hand,([^;]*?)\);/g)].flatMap(([, call = '']) => [
      ...call.matchAll(/'(supply-[a-z-]+)'/g),
    ]),
  );
  expect(told.length).toBeGreaterThan(30);
  const kinds = [...recorded, ...told, ...access].map(([, kind = '']) => kind);
  return [...new Set(kinds.flatMap((kind) => composed[kind] ?? [kind]))];
}

test('G3 everything that happens has words in every language', () => {
  const written = writtenEvents();
  expect(written.length).toBeGreaterThan(20);
  expect(written.filter((kind) => !toldEvents.includes(kind))).toEqual([]);
});

test('G3 an event of a kind not known here, or with nothing in its detail, is told all the same', () => {
  const wordsFor = createWords({ texts, policies });
  const detail = {
    reasons: [{ code: 'patron-blocked' }],
    after: '2026-11-22T10:00:00Z',
    dueAt: '2026-11-22T10:00:00Z',
    keepUntil: '2026-11-22T10:00:00Z',
    amountMinor: 50,
    currency: 'EUR',
    step: 1,
    day: '2026-11-22',
    until: '2027-11-21',
    holds: 1,
    loans: 0,
    contact: 'mail',
  };
  for (const language of languages) {
    const words = wordsFor('demo', language);
    for (const kind of toldEvents) {
      const told = eventText(words, { kind, detail });
      expect(told).not.toContain('{{');
      expect(told).not.toBe(words.say('event.other', { kind }));
      expect(eventText(words, { kind, detail: {} }).length).toBeGreaterThan(1);
    }
    expect(eventText(words, { kind: 'from-the-future', detail: {} })).toContain('from-the-future');
  }
});
