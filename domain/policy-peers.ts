import { z } from 'zod';
import type { Language } from './languages.ts';
import type { LibraryPolicy } from './policy.ts';
import { clockDuration, localised } from './policy-values.ts';

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
  /** Where its messages go; of a library of this installation its code stands instead. */
  url: z.url({ protocol: /^https?$/ }).optional(),
  /** A library of this installation, by its code: messages to it need no network. */
  library: z.string().optional(),
  /** Read by the other side; what it sends is understood in either. */
  edition: z.enum(peerEditions).default('1.2'),
  /** How messages to it prove where they come from, if `CARREL_PEERS` has a secret for it: by a header of HTTP, or by the message's own header as far as it has a place for that. */
  auth: z.enum(['bearer', 'basic', 'message']).default('bearer'),
});

/** How long messages are tried that do not get through. */
export const exchangePolicy = z.strictObject({
  /** After so many days a message is given up, and what it was about goes on without it. */
  giveUpAfterDays: z.int().min(1).max(90).default(14),
  /** Staff are told when nothing has got through for so long. */
  alarmAfter: clockDuration.default('PT4H'),
});

export type PeerPolicy = z.output<typeof peerPolicy>;
export type AgencyPolicy = z.output<typeof agencyPolicy>;

/** The peers of a library that exchanges messages; of one that does not, none. */
export function peersOf({ ill }: Pick<LibraryPolicy, 'ill'>): readonly PeerPolicy[] {
  return ill === 'none' ? [] : ill.peers;
}

/** A peer by its code. Throws for one that the policy does not have (any more): nothing can be said to it. */
export function peerOf(policy: Pick<LibraryPolicy, 'ill' | 'code'>, code: string): PeerPolicy {
  const peer = peersOf(policy).find((each) => each.code === code);
  if (!peer) throw new Error(`The policy of ${policy.code} has no peer ${code}.`);
  return peer;
}

/** What people call a peer; one that has left the policy is named by its code. */
export function peerName(policy: Pick<LibraryPolicy, 'ill'>, code: string, language: Language): string {
  return peersOf(policy).find((each) => each.code === code)?.name[language] ?? code;
}

/** What the library is called in messages. */
export function agencyOf({ code, ill }: Pick<LibraryPolicy, 'code' | 'ill'>): AgencyPolicy {
  return (ill === 'none' ? undefined : ill.agency) ?? { type: 'CARREL', value: code };
}
