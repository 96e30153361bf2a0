import { describe, expect, test } from '@jest/globals';
import { assert, constantFrom, integer, property, tuple } from 'fast-check';
import { addresseeReasons } from '../../domain/invoices.ts';
import { creditCodeCheck, taxIdReasons, tidyTaxId } from '../../domain/tax-ids.ts';

const codes = (country: string, taxId: string) =>
  taxIdReasons(country, tidyTaxId(taxId)).map(({ code }) => code);

describe('tax numbers', () => {
  // Codes that are in use.
  test.each(['91330100799655058B', '91440300708461136T', '91110000802100433B', '12100000470095016Q'])(
    'P5 the unified social credit code %s is taken',
    (code) => expect(codes('CN', code)).toEqual([]),
  );

  const alphabet = Array.from('0123456789ABCDEFGHJKLMNPQRTUWXY');
  const first17 = tuple(...Array.from({ length: 17 }, () => constantFrom(...alphabet))).map((given) =>
    given.join(''),
  );

  test('P5 one wrong character of a code is always noticed', () => {
    assert(
      property(first17, integer({ min: 0, max: 17 }), constantFrom(...alphabet), (first, at, other) => {
        const right = `${first}${creditCodeCheck(first)}`;
        expect(codes('CN', right)).toEqual([]);
        const wrong = `${right.slice(0, at)}${other}${right.slice(at + 1)}`;
        if (wrong !== right) expect(codes('CN', wrong)).toEqual(['tax-id-check']);
      }),
    );
  });

  test.each([
    ['CN', '91330100799655058', 'tax-id-form'],
    ['CN', '9133010079965505IB', 'tax-id-form'],
    ['CN', '91330100799655058C', 'tax-id-check'],
    ['DE', 'DE12345678', 'tax-id-form'],
    ['DE', '123456789', 'tax-id-form'],
    ['GR', 'GR123456789', 'tax-id-form'],
    ['JP', '1234567890123', 'tax-id-form'],
    ['JP', 'T123456789012', 'tax-id-form'],
  ])('P5 %s %s: %s', (country, taxId, code) => expect(codes(country, taxId)).toEqual([code]));

  test.each([
    ['DE', 'DE 123 456 789'],
    ['AT', 'ATU12345678'],
    ['FR', 'FR XX 123456789'],
    ['NL', 'NL123456789B01'],
    ['GR', 'EL123456789'],
    ['JP', 'Ｔ1234567890123'],
    ['CN', '330100799655058'],
    ['US', '12-3456789'],
  ])('P5 %s %s is taken', (country, taxId) => expect(codes(country, taxId)).toEqual([]));

  test('P5 an organisation needs one, a person has none', () => {
    const asked = (party: 'person' | 'organisation', taxId?: string) =>
      addresseeReasons({ party, country: 'CN', taxId }).map(({ code }) => code);
    expect(asked('organisation')).toEqual(['tax-id-missing']);
    expect(asked('organisation', '91330100799655058B')).toEqual([]);
    expect(asked('person')).toEqual([]);
    expect(asked('person', '91330100799655058B')).toEqual(['tax-id-person']);
  });
});
