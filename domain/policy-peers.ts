import { z } from 'zod';
import { localised } from './policy-values.ts';

/** Editions of ISO 18626 that an agency is spoken to in; what comes is understood in either. */
export const peerEditions = ['1.2', '2021'] as const;

/** How an agency is named in messages, such as `ISIL:DE-1`. */
export const agencyPolicy = z.strictObject({
  type: z.string().min(1).max(40).default('ISIL'),
  value: z.string().min(1).max(80),
});

/** Another library or centre. Its secret never stands here: it comes from the environment. */
export const peerPolicy = z.strictObject({
  /** Names it in addresses, lists and the books: `peer:<code>`. */
  code: z.string().regex(/^[a-z][a-z0-9-]*$/, 'a peer has small letters, digits and hyphens'),
  name: localised,
  agency: agencyPolicy,
  /** Where its messages go. */
  url: z.url(),
  edition: z.enum(peerEditions).default('1.2'),
});

export type PeerPolicy = z.output<typeof peerPolicy>;
