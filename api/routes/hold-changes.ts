import { z } from 'zod';
import type { ApiDeps } from '../deps.ts';
import { accountOf, createReadersHolds } from '../readers-holds.ts';
import type { Route } from '../route.ts';
import { route } from '../route.ts';
import { holdChange, holdLines, severalIds } from '../schemas/holds.ts';
import { createWords } from '../words.ts';

/** Changing and cancelling while a hold waits, several at a time (H7); each line succeeds or fails on its own. */
export function holdChangeRoutes(deps: ApiDeps): Route[] {
  const wordsFor = createWords(deps);
  const holds = createReadersHolds(deps);

  return [
    route({
      method: 'post',
      path: '/v1/holds/changes',
      summary: 'Change the pickup place or the contact method of several holds',
      description:
        'A hold on its way can change its contact method only; one that is ready to collect can no longer be changed by the reader.',
      access: 'patron',
      idempotent: true,
      body: holdChange,
      problems: ['engine-unavailable'],
      responses: holdLines,
    }).handle(({ caller, body, key, language }) =>
      holds.change(accountOf(caller), wordsFor(caller.library, language), body, key.id),
    ),
    route({
      method: 'post',
      path: '/v1/holds/cancellations',
      summary: 'Cancel several holds',
      description: 'One that is ready to collect can no longer be cancelled by the reader.',
      access: 'patron',
      idempotent: true,
      body: z.strictObject({ holds: severalIds }),
      problems: ['engine-unavailable'],
      responses: holdLines,
    }).handle(({ caller, body, key, language }) =>
      holds.cancel(accountOf(caller), wordsFor(caller.library, language), body.holds, key.id),
    ),
  ];
}
