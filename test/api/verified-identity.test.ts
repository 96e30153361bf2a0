import { expect, test } from '@jest/globals';
import { verifiedValues } from '../../api/verified-identity.ts';
import { findProcedure } from '../../domain/policy-registration.ts';
import { policies } from '../domain/fixtures.ts';

const procedureOf = (code: string) => {
  const found = findProcedure(policies.get('demo'), code);
  if (!found) throw new Error(`There is no procedure ${code}.`);
  return found;
};

test('A1 a correction keeps the name and number the applicant was not asked for, and nothing else', () => {
  const before = { name: '李雷', login: '3120001', email: 'lilei@campus.example' };
  expect(verifiedValues(procedureOf('campus'), before)).toEqual({ name: '李雷', login: '3120001' });
  expect(verifiedValues(procedureOf('web'), before)).toEqual({});
});
