import { z } from 'zod';
import { staffRoles } from '../../domain/roles.ts';
import { told } from './told.ts';
import { id, instant, line } from './values.ts';

/** Staff logins are compared without regard to case; only these letters, so that none looks like another. */
export const staffLogin = line(200)
  .refine((login) => /^[a-z0-9](?:[a-z0-9._@-]{0,62}[a-z0-9])?$/.test(login), told('staff-login-characters'))
  .meta({
    description: 'Small letters a–z, digits, and between them `.`, `_`, `-` and `@`; at most 64.',
    example: 'ada.lovelace',
  });

export const staffName = line(120);

export const staffEmail = z.email().max(254);

export const roles = z
  .array(z.enum(staffRoles))
  .max(staffRoles.length)
  .refine((given) => new Set(given).size === given.length, told('stated-twice'))
  .describe('What the member of staff sees and does (A13); none: nothing.');

export const secondFactorState = z
  .strictObject({
    confirmedAt: instant.nullable().describe('When a device was set up; null: there is none.'),
    required: z.boolean().describe('Whether the library asks holders of these roles for one.'),
    recoveryCodesLeft: z.int().min(0),
  })
  .meta({ id: 'SecondFactorState' });

export const staffMember = z
  .strictObject({
    id,
    login: z.string(),
    name: z.string(),
    email: z.string().nullable(),
    roles: z.array(z.string()),
    active: z.boolean(),
    institutional: z.boolean().describe('Signs in through the institution’s identity service.'),
    secondFactor: secondFactorState,
    createdAt: instant,
  })
  .meta({ id: 'StaffMember' });

export const recoveryCodes = z
  .strictObject({
    recoveryCodes: z
      .array(z.string())
      .describe('Told only here, to be kept on paper. Each works once in place of a code.'),
  })
  .meta({ id: 'RecoveryCodes' });
