import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { returnPath } from '../../domain/policy-mail.ts';
import { noticeOfToken, returnAddress, returnToken, tokenIn } from '../../domain/return-address.ts';

const secret = 'a secret of more than thirty-two characters';
const pattern = 'bounce+{token}@library.example';

describe('N4 return addresses', () => {
  test('N4 a token leads back to its notice, also when its letters were changed to capitals', () => {
    fc.assert(
      fc.property(fc.uuid(), (noticeId) => {
        const token = returnToken(secret, noticeId);
        expect(token).toMatch(/^[a-z2-7]{42}$/);
        const address = returnAddress(pattern, token);
        expect(address.indexOf('@')).toBeLessThanOrEqual(64);
        expect(noticeOfToken(secret, tokenIn(pattern, address) ?? '')).toBe(noticeId);
        expect(noticeOfToken(secret, tokenIn(pattern, address.toUpperCase()) ?? '')).toBe(noticeId);
      }),
    );
  });

  test('N4 a token signed elsewhere, made up or changed leads nowhere', () => {
    const letters = 'abcdefghijklmnopqrstuvwxyz234567'.split('');
    fc.assert(
      fc.property(fc.uuid(), fc.nat(40), fc.constantFrom(...letters), (noticeId, at, letter) => {
        const token = returnToken(secret, noticeId);
        expect(noticeOfToken('another secret of more than thirty-two', token)).toBeUndefined();
        const changed = token.slice(0, at) + letter + token.slice(at + 1);
        if (changed !== token) expect(noticeOfToken(secret, changed)).toBeUndefined();
      }),
    );
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...letters), minLength: 42, maxLength: 42 }), (made) => {
        expect(noticeOfToken(secret, made)).toBeUndefined();
      }),
    );
  });

  test('N4 only addresses of the pattern have a token', () => {
    const token = returnToken(secret, '0190b0a4-0000-7000-8000-000000000001');
    for (const address of [
      `bounce+${token}@other.example`,
      `bounces+${token}@library.example`,
      `bounce+${token}a@library.example`,
      'bounce+@library.example',
      '',
    ])
      expect(tokenIn(pattern, address)).toBeUndefined();
  });

  test('N4 a policy’s return address has one place for the token, and is an address', () => {
    expect(returnPath.safeParse(pattern).success).toBe(true);
    for (const wrong of [
      'bounce@library.example',
      '{token}{token}@library.example',
      'bounce+{token}',
      `${'b'.repeat(23)}{token}@library.example`,
    ])
      expect(returnPath.safeParse(wrong).success).toBe(false);
  });
});
