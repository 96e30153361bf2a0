import { z } from 'zod';
import { illServices } from './ill.ts';
import { kinds } from './kinds.ts';
import { duration } from './policy-values.ts';

const peer = z.string().regex(/^[a-z][a-z0-9-]*$/);

/** What is shown to staff with the requests that a rule fits: of these requesters, or with these words in their own note (I8). */
const mark = z
  .strictObject({
    peers: z.array(peer).min(1).optional(),
    /** Part of the request's note. */
    contains: z.string().min(1).max(200).optional(),
    text: z.string().min(1).max(200),
  })
  .refine(({ peers, contains }) => peers !== undefined || contains !== undefined, {
    message: 'state whose requests (peers), or what their note contains',
  });

/** What other libraries get from this one (I8). Durations in days are civil days in the library's zone. */
export const lendingPolicy = z.strictObject({
  /** What is done for others; a request for anything else is answered at once with `PolicyProblem`. */
  services: z.array(z.enum(illServices)).default([...illServices]),
  /** Whose requests are taken; those of others are answered likewise. */
  to: z.union([z.literal('everyone'), z.array(peer)]).default('everyone'),
  /** Kinds of titles that are lent to others; copies are made of any. */
  kinds: z.array(z.enum(kinds)).default(['book', 'audiovisual']),
  /** How long something is lent for; the due date is the end of a day on which the branch is open. */
  loanPeriod: duration.default('P28D'),
  renewals: z
    .strictObject({
      most: z.int().min(0).max(20).default(1),
      period: duration.default('P28D'),
      /** Who answers: the rule at once – yes while there are any left, and no reader waits –, or staff. */
      by: z.enum(['rule', 'staff']).default('rule'),
    })
    .prefault({}),
  /** Working days within which staff answer (I12: a week); past it the request shows late, and a task with it. */
  answerWithin: z.int().min(1).max(60).default(5),
  /** Whose open days and closing times count; the first branch unless stated. */
  branch: z.string().optional(),
  /** Whether the requester is told at once that the request has come. */
  acknowledge: z.boolean().default(true),
  /** What is answered without staff, from what the catalogue says. */
  automatic: z
    .strictObject({
      /** Nothing like it in the catalogue: unfilled (`NotHeld`). */
      notHeld: z.enum(['staff', 'unfilled']).default('staff'),
      /** All copies are out, missing, or never leave the house. */
      notAvailable: z.enum(['staff', 'answer']).default('staff'),
      /** A copy stands on the shelf: promised. */
      onShelf: z.enum(['staff', 'promise']).default('staff'),
    })
    .prefault({}),
  /** Who answers a requester that gives up before anything was shipped; afterwards the answer is no. */
  cancel: z.enum(['at-once', 'staff']).default('at-once'),
  /** How long after the due date the requester is told that it is overdue. */
  overdueAfter: duration.default('P3D'),
  marks: z.array(mark).default([]),
  /** How long after its end the personal part of a request is kept: where to, for whom. */
  eraseAfter: duration.default('P90D'),
});

export type LendingPolicy = z.output<typeof lendingPolicy>;

/** This library forwards the requests of others to whoever has the thing (I5–I7). */
export const centrePolicy = z.union([
  z.literal('none'),
  z.strictObject({
    /** The libraries whose requests it forwards; requests of others it answers from its own shelves. */
    members: z.array(peer).min(1),
  }),
]);

export type CentrePolicy = z.output<typeof centrePolicy>;

interface Known {
  readonly lending: LendingPolicy;
  readonly centre: CentrePolicy;
  readonly peers: readonly string[];
  readonly branches: readonly string[];
}

/** Codes that name nobody, with where they stand. */
export function lendingMistakes({ lending, centre, peers, branches }: Known) {
  const { branch, to, marks } = lending;
  const named = [
    ...(to === 'everyone' ? [] : to.map((code) => ({ path: ['lending', 'to'], code }))),
    ...marks.flatMap((each) => (each.peers ?? []).map((code) => ({ path: ['lending', 'marks'], code }))),
    ...(centre === 'none' ? [] : centre.members.map((code) => ({ path: ['centre', 'members'], code }))),
  ];
  const unknown = named.filter(({ code }) => !peers.includes(code));
  return [
    ...unknown.map(({ path, code }) => ({ path, message: `there is no peer ${code}` })),
    ...(branch === undefined || branches.includes(branch)
      ? []
      : [{ path: ['lending', 'branch'], message: `there is no branch ${branch}` }]),
  ];
}
