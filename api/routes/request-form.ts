import { z } from 'zod';
import { requestFormBody } from '../bodies/request-form.ts';
import type { ApiDeps } from '../deps.ts';
import { problem } from '../problem.ts';
import { illOf } from '../request-intake.ts';
import type { Route } from '../route.ts';
import { route } from '../route.ts';
import { requestForm } from '../schemas/home-library.ts';
import { libraryCode } from '../schemas/values.ts';
import { createWords } from '../words.ts';

/** What is needed to ask a library for something from elsewhere, for everyone to read (I1, I19, I20). */
export function requestFormRoutes(deps: ApiDeps): Route[] {
  const wordsFor = createWords(deps);

  return [
    route({
      method: 'get',
      path: '/v1/libraries/:code/request-form',
      summary: 'What a library’s request form needs',
      description:
        'Services, types of literature with their fields, copyright statements, pickup places and the fee schedule, in the language of `Accept-Language`.',
      access: 'public',
      params: z.strictObject({ code: libraryCode }),
      problems: ['ill-not-offered'],
      responses: { 200: { description: 'The form.', body: requestForm } },
    }).handle(async ({ params: { code }, language, now }) => {
      if (!deps.policies.has(code)) throw problem('not-found');
      const ill = illOf(deps.policies.get(code));
      return { status: 200, body: requestFormBody(wordsFor(code, language), ill, now) };
    }),
  ];
}
