import type { z } from 'zod';
import type { StaffMember } from '../../db/entities/index.ts';
import type { LibraryPolicy } from '../../domain/policy.ts';
import { needsSecondFactor } from '../../domain/policy-staff.ts';
import type { SecondFactorState } from '../auth/second-factor.ts';
import type { staffMember } from '../schemas/staff.ts';
import { iso } from '../schemas/values.ts';

/** A member of staff as the API shows one; never with anything that signs in. */
export function staffBody(
  member: StaffMember,
  { confirmedAt, recoveryCodesLeft }: SecondFactorState,
  { staff }: Pick<LibraryPolicy, 'staff'>,
): z.input<typeof staffMember> {
  const { id, login, name, email, roles, active, oidcSubject, createdAt } = member;
  return {
    id,
    login,
    name,
    email: email ?? null,
    roles: [...roles],
    active,
    institutional: oidcSubject != null,
    secondFactor: {
      confirmedAt: confirmedAt && iso(confirmedAt.getTime()),
      required: needsSecondFactor(staff, roles),
      recoveryCodesLeft,
    },
    createdAt: iso(createdAt.getTime()),
  };
}
