import { describe, expect, test } from '@jest/globals';
import { explain } from '../../api/explain.ts';
import { languages } from '../../domain/languages.ts';
import { deliveryFor, noticeChoices } from '../../domain/notice-preferences.ts';
import { beyondTheirPart, fieldsOf } from '../../domain/patron-edits.ts';
import { mayGrant, permissionReasons } from '../../domain/permissions.ts';
import { policies, texts } from '../support/made-once.ts';

const policy = policies.get('zju');

describe('permissions', () => {
  test('A7 a missing permission is named, and in words so is whom to call, in every language', () => {
    const reasons = permissionReasons({ permissions: [] }, policy, 'ill');
    expect(reasons).toEqual([{ code: 'permission-missing', permission: 'ill' }]);
    const [ill] = policy.permissions;
    for (const language of languages) {
      const [explained] = explain(texts, language, policy, reasons);
      expect(explained?.detail).toContain(ill?.name[language]);
      expect(explained?.detail).toContain(ill?.contact[language]);
      expect(explained?.detail).toContain('0571-88208468');
    }
  });

  test('A7 who has it is not asked, nor is anybody at a library without that permission', () => {
    expect(permissionReasons({ permissions: ['ill'] }, policy, 'ill')).toEqual([]);
    expect(permissionReasons({ permissions: [] }, { permissions: [] }, 'ill')).toEqual([]);
  });

  test('A6 a permission is granted by the roles it names, and by an administrator', () => {
    expect(mayGrant(policy, 'ill', ['ill-librarian'])).toBe(true);
    expect(mayGrant(policy, 'ill', ['desk', 'cashier'])).toBe(false);
    expect(mayGrant(policy, 'ill', ['administrator'])).toBe(true);
    expect(beyondTheirPart(policy, ['desk'], ['ill'], [])).toEqual(['ill']);
    expect(beyondTheirPart(policy, ['desk'], ['ill'], ['ill'])).toEqual([]);
    expect(fieldsOf(policy.edits, ['desk', 'ill-librarian'])).toEqual([
      'phone',
      'language',
      'expiresOn',
      'overdraftLimit',
      'deposit',
      'permissions',
      'noticePreferences',
    ]);
  });
});

test('A12 a choice counts only where the library leaves it: what must be sent is sent, what is off stays off', () => {
  const rules = {
    notices: { ...policy.notices, lapsed: 'off' as const },
    noticeChoices: policy.noticeChoices,
  };
  expect(noticeChoices(rules)).not.toContain('lapsed');
  const preferences = {
    placed: 'mail',
    'due-soon': 'message',
    overdue: 'message',
    lapsed: 'mail',
    secured: 'message',
  } as const;
  expect(deliveryFor(rules, 'placed', preferences)).toBe('mail');
  expect(deliveryFor(rules, 'due-soon', preferences)).toBe('message');
  expect(deliveryFor(rules, 'overdue', preferences)).toBe('mail');
  expect(deliveryFor(rules, 'secured', preferences)).toBe('mail');
  expect(deliveryFor(rules, 'lapsed', preferences)).toBe('off');
  expect(deliveryFor({ ...rules, noticeChoices: [] }, 'due-soon', preferences)).toBe('mail');
});
