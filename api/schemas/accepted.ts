import { z } from 'zod';

const accepted = z
  .strictObject({ state: z.literal('accepted'), location: z.string() })
  .meta({ id: 'Accepted' });

/** The response of a route whose command the engine holds without an answer yet; see `answer.ts`. */
export const acceptedResponse = {
  description:
    'Taken and kept, but not decided yet. The same request, or the address in Location, tells the outcome later.',
  body: accepted,
  headers: { Location: 'Where the outcome will be seen.' },
} as const;
