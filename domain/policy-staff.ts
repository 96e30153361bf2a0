import { z } from 'zod';
import { passwordPolicy } from './policy-access.ts';
import { staffRoles } from './roles.ts';
import type { StaffRole } from './roles.ts';

/**
 * What staff sign in with (A13): a password by a rule of its own, strict unless stated, and the roles whose holders must also give a one-time code. Everybody must,
 * unless the library says otherwise; whoever has set up a device is asked for the code in any case.
 */
export const staffPolicy = z.strictObject({
  passwords: passwordPolicy.prefault({}),
  secondFactorFor: z.array(z.enum(staffRoles)).default([...staffRoles]),
});

export type StaffPolicy = z.output<typeof staffPolicy>;

/** Whether someone with these roles must have a second factor. */
export function needsSecondFactor(
  policy: Pick<StaffPolicy, 'secondFactorFor'>,
  roles: readonly StaffRole[],
): boolean {
  return roles.some((role) => policy.secondFactorFor.includes(role));
}
