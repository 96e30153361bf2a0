import { z } from 'zod';
import { feesOf } from '../bodies/fees.ts';
import { requestFeesOf } from '../bodies/request-fees.ts';
import type { ApiDeps } from '../deps.ts';
import { problem } from '../problem.ts';
import type { Route } from '../route.ts';
import { route } from '../route.ts';
import { fee, requestFees } from '../schemas/fees.ts';
import { libraryCode } from '../schemas/values.ts';
import { createWords } from '../words.ts';

/** What things cost, for everyone to read before they ask for them (P1, I20). */
export function feeRoutes(deps: ApiDeps): Route[] {
  const wordsFor = createWords(deps);

  return [
    route({
      method: 'get',
      path: '/v1/libraries/:code/fees',
      summary: 'What the library charges, by the fee schedule',
      description:
        'In the language of `Accept-Language`. What is not named costs nothing. `requests` says what is paid for what other libraries have, and what the library pays of it (I20).',
      access: 'public',
      params: z.strictObject({ code: libraryCode }),
      responses: {
        200: {
          description: 'The schedule.',
          body: z.strictObject({ items: z.array(fee), requests: requestFees.nullable() }),
        },
      },
    }).handle(async ({ params: { code }, language }) => {
      if (!deps.policies.has(code)) throw problem('not-found');
      const words = wordsFor(code, language);
      return { status: 200, body: { items: feesOf(words), requests: requestFeesOf(words) } };
    }),
  ];
}
