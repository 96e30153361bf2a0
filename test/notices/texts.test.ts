import { describe, expect, test } from '@jest/globals';
import { formatMoney } from '../../notices/formats.ts';
import { closing, texts } from './fixtures.ts';

describe('problem', () => {
  test('A10 a locked card says until when, in the library’s zone, and that staff can unlock it', () => {
    const data = { until: closing, timeZone: 'Asia/Tokyo' };
    expect(texts.problem('ja', 'too-many-attempts', data).detail).toContain('2026年11月28日(土) 18:00まで');
    expect(texts.problem('zh', 'too-many-attempts', data).detail).toContain('2026年11月28日星期六 18:00');
    expect(texts.problem('de', 'too-many-attempts', data).detail).toContain(
      'Samstag, 28. November 2026, 18:00\u00A0Uhr',
    );
    expect(texts.problem('en', 'too-many-attempts', data).detail).toContain(
      '18:00 on Saturday, 28 November 2026',
    );
  });

  test('H2 a limit says how many there are and how many there may be', () => {
    const data = { code: 'hold-limit-kind', kind: 'audiovisual', limit: 1, has: 1 };
    expect(texts.problem('ja', 'hold-limit-kind', data).detail).toMatch(/^視聴覚資料の予約は現在1点で/);
    expect(texts.problem('en', 'hold-limit-kind', data).detail).toMatch(/audiovisual items: 1, allowed: 1/);
  });

  test('L2 a renewal limit is said in the singular and in the plural', () => {
    expect(texts.problem('en', 'renewal-limit', { limit: 1 }).detail).toContain('once only');
    expect(texts.problem('en', 'renewal-limit', { limit: 3 }).detail).toContain('3 times at most');
    expect(texts.problem('de', 'renewal-limit', { limit: 1 }).detail).toContain('nur einmal');
    expect(texts.problem('de', 'renewal-limit', { limit: 3 }).detail).toContain('höchstens 3-mal');
    expect(texts.problem('ja', 'renewal-limit', { limit: 1 }).detail).toContain('1回限り');
  });

  test('P9 a month is named as people name it', () => {
    const data = { latest: '2026-10' };
    expect(texts.problem('en', 'month-closed', data).detail).toContain('October 2026');
    expect(texts.problem('de', 'month-closed', data).detail).toContain('Oktober 2026');
    expect(texts.problem('ja', 'month-closed', data).detail).toContain('2026年10月');
    expect(texts.problem('zh', 'month-closed', data).detail).toContain('2026年10月');
  });

  test('A10 a wrong card and a wrong password are answered alike', () => {
    expect(texts.problem('de', 'sign-in-failed').detail).toMatch(/oder das Passwort/);
  });

  test.each([{ expiresOn: 'soon' }, { expiresOn: null }, {}])(
    'says less when a date is not one: %p',
    (data) => {
      expect(texts.problem('en', 'patron-expired', data).detail).toMatch(/^This card has expired\./);
    },
  );

  test('a civil date is the same day in every zone', () => {
    const data = { expiresOn: '2026-03-31', timeZone: 'America/Los_Angeles' };
    expect(texts.problem('de', 'patron-expired', data).detail).toContain('Dienstag, 31. März 2026');
  });

  test('an instant without a zone says that it is in UTC', () => {
    expect(texts.problem('en', 'too-many-attempts', { until: closing }).detail).toContain('09:00 UTC');
  });
});

describe('t', () => {
  test('H5 names the states of a hold as the library does', () => {
    expect(texts.t('ja', 'state.hold.waiting')).toBe('予約中');
    expect(texts.t('ja', 'state.hold.in-transit')).toBe('回送中');
    expect(texts.t('ja', 'state.hold.secured')).toBe('予約確保');
    expect(texts.t('ja', 'contact.none')).toBe('連絡不要');
  });

  test('refuses a key that does not exist and data that is missing', () => {
    expect(() => texts.t('en', 'state.hold.lost-in-space')).toThrow(
      'There is no text state.hold.lost-in-space.',
    );
    expect(() => texts.t('en', 'desk.send')).toThrow('needs place');
    expect(() => texts.t('en', 'notice.secured.keep-days', { count: '7' })).toThrow('needs count');
    expect(() => texts.t('en', 'desk.keep-until', { card: '1', until: Number.NaN })).toThrow('needs until');
  });

  test.each(['{{card}}', '$t(kind.book)', '$&', '{{- place}}', '{{place, day}}', '<b>'])(
    'writes data as it is, never as a text of its own: %s',
    (place) => {
      expect(texts.t('en', 'desk.send-for-hold', { place, card: '00000001' })).toBe(
        `Send it to ${place}, for card 00000001.`,
      );
    },
  );

  test('data cannot steer the translation', () => {
    const data = { place: 'X', lng: 'de', defaultValue: 'y', context: 'z', returnObjects: true, count: 3 };
    expect(texts.t('en', 'desk.send', data)).toBe('Send it to X.');
  });
});

describe('formatMoney', () => {
  test.each([
    ['ja', 550, 'JPY', '￥550'],
    ['zh', 550, 'CNY', '¥5.50'],
    ['de', 550, 'EUR', '5,50\u00A0€'],
    ['en', 123_456, 'EUR', '€1,234.56'],
    ['en', 5, 'EUR', '€0.05'],
    ['en', -5, 'EUR', '-€0.05'],
    ['en', 1500, 'KWD', 'KWD\u00A01.500'],
  ] as const)('L5 in %s, %d minor units of %s are %s', (language, amountMinor, currency, written) => {
    expect(formatMoney(language, { amountMinor, currency })).toBe(written);
  });
});
