/** Why mail to an address does not arrive: the server refused it, it came back, or several in a row were given up (A11). */
export const emailFailures = ['refused', 'bounced', 'bounced-often'] as const;

export type EmailFailure = (typeof emailFailures)[number];

/**
 * What a report about a mail says of it (N4). `hard`: nobody can be reached at the address; `soft`: given up, but it may work another time – a full mailbox, a
 * server that was down for days; `delayed`: still being tried.
 */
export const bounceOutcomes = ['hard', 'soft', 'delayed'] as const;

export type BounceOutcome = (typeof bounceOutcomes)[number];
