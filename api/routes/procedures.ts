import { z } from 'zod';
import { procedureBody } from '../bodies/form.ts';
import type { ApiDeps } from '../deps.ts';
import { problem } from '../problem.ts';
import type { Route } from '../route.ts';
import { route } from '../route.ts';
import { procedure } from '../schemas/applications.ts';
import { libraryCode } from '../schemas/values.ts';
import { createWords } from '../words.ts';

/** How people come to an account, and of an account to further services (A1–A4). */
export function procedureRoutes(deps: ApiDeps): Route[] {
  const wordsFor = createWords(deps);

  return [
    route({
      method: 'get',
      path: '/v1/libraries/:code/procedures',
      summary:
        'How to come to an account: procedures, their steps, and the fields of their forms with their rules',
      description: 'All that a portal needs to draw the forms, in the language of `Accept-Language`.',
      access: 'public',
      params: z.strictObject({ code: libraryCode }),
      responses: {
        200: { description: 'All of them.', body: z.strictObject({ items: z.array(procedure) }) },
      },
    }).handle(async ({ params: { code }, language }) => {
      if (!deps.policies.has(code)) throw problem('not-found');
      const words = wordsFor(code, language);
      const offered = words.policy.registration.procedures.filter((each) => each.offered);
      const items = offered.map((each) => procedureBody(each, words));
      return { status: 200, body: { items } };
    }),
  ];
}
