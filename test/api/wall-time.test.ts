import { expect, test } from '@jest/globals';
import { wallTime } from '../../api/wall-time.ts';
import { policies } from '../support/made-once.ts';

test('P1 P9 the last second of a year stands in that year, by the clock of the library', () => {
  const policy = policies.get('zju');
  const at = Date.parse('2026-12-31T23:59:59.999+08:00');
  expect(wallTime({ policy }, at)).toBe('2026-12-31 23:59:59');
  expect(wallTime({ policy }, at + 1)).toBe('2027-01-01 00:00:00');
});
