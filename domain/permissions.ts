import type { Language } from './languages.ts';
import type { Permission } from './policy-accounts.ts';
import type { LibraryPolicy } from './policy.ts';
import type { Reason } from './refusal.ts';
import type { StaffRole } from './roles.ts';

type Rules = Pick<LibraryPolicy, 'permissions' | 'phone'>;

/** A permission as a reader sees it: whether they have it, and to whom they turn if not (A7). */
export interface PermissionShown {
  readonly code: string;
  readonly name: string;
  readonly granted: boolean;
  readonly contact: string;
  readonly phone: string;
}

/** The library's permission of that code; undefined when it has none such. */
export function permissionOf(policy: Pick<Rules, 'permissions'>, code: string): Permission | undefined {
  return policy.permissions.find((each) => each.code === code);
}

/**
 * Why a reader may not do what needs a permission (A7): `permission-missing` names which one; in words it also says to whom to turn. A permission the library
 * does not know is needed by nobody.
 *
 * @param code such as `ill`
 */
export function permissionReasons(
  patron: { readonly permissions: readonly string[] },
  policy: Pick<Rules, 'permissions'>,
  code: string,
): Reason[] {
  if (!permissionOf(policy, code) || patron.permissions.includes(code)) return [];
  return [{ code: 'permission-missing', permission: code }];
}

/** Every permission of the library, with or without it (A7: never a form that does not answer). */
export function permissionsShown(
  patron: { readonly permissions: readonly string[] },
  policy: Rules,
  language: Language,
): PermissionShown[] {
  return policy.permissions.map(({ code, name, contact, phone = policy.phone }) => ({
    code,
    name: name[language],
    granted: patron.permissions.includes(code),
    contact: contact[language],
    phone,
  }));
}

/** What the text of `permission-missing` is filled with; of another reason nothing. */
export function permissionWords(
  policy: Rules,
  language: Language,
  reason: { readonly code: string; readonly [detail: string]: unknown },
): { name?: string; contact?: string; phone?: string } {
  const wanted =
    typeof reason['permission'] === 'string' ? permissionOf(policy, reason['permission']) : undefined;
  if (!wanted || reason.code !== 'permission-missing') return {};
  const { name, contact, phone = policy.phone } = wanted;
  return { name: name[language], contact: contact[language], phone };
}

/** Whether staff with these roles may grant or withdraw a permission (A6). */
export function mayGrant(
  policy: Pick<Rules, 'permissions'>,
  code: string,
  roles: readonly StaffRole[],
): boolean {
  if (roles.includes('administrator')) return true;
  return permissionOf(policy, code)?.grantedBy.some((role) => roles.includes(role)) ?? false;
}
