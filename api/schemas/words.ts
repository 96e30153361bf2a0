import { z } from 'zod';
import { reasonSchema } from './problem.ts';

export const place = z
  .strictObject({
    code: z.string(),
    kind: z.enum(['branch', 'stop']).describe('`stop`: of the mobile library.'),
    name: z.string(),
  })
  .meta({ id: 'Place' });

/** Whether something can be done now, and if not, every reason. */
export const possibility = z
  .strictObject({ allowed: z.boolean(), reasons: z.array(reasonSchema) })
  .meta({ id: 'Possibility' });
