import { mayGrant } from './permissions.ts';
import { type EditsPolicy, type PatronField, patronFields } from './policy-accounts.ts';
import type { LibraryPolicy } from './policy.ts';
import type { StaffRole } from './roles.ts';

/** The fields that staff with these roles may change (A6, A13), in the order of `patronFields`. */
export function fieldsOf(edits: EditsPolicy, roles: readonly StaffRole[]): PatronField[] {
  if (roles.includes('administrator')) return [...patronFields];
  const given = new Set(
    (['desk', 'ill-librarian', 'cashier'] as const)
      .filter((role) => roles.includes(role))
      .flatMap((role) => edits[role]),
  );
  return patronFields.filter((field) => given.has(field));
}

/** The permissions that one list has and the other has not. */
function differing(before: readonly string[], after: readonly string[]): string[] {
  return [
    ...before.filter((code) => !after.includes(code)),
    ...after.filter((code) => !before.includes(code)),
  ];
}

/** The permissions among those changed that these roles may neither grant nor withdraw. */
export function beyondTheirPart(
  policy: Pick<LibraryPolicy, 'permissions'>,
  roles: readonly StaffRole[],
  before: readonly string[],
  after: readonly string[],
): string[] {
  return differing(before, after).filter((code) => !mayGrant(policy, code, roles));
}
