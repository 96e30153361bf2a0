/** What waits for staff on the work list (G2); each has a text in every language. */
export const taskKinds = ['phone-reader'] as const;

export type TaskKind = (typeof taskKinds)[number];

/** What came of a task; `dropped`: it was no longer needed. */
export const taskOutcomes = ['reached', 'not-reached', 'dropped'] as const;

export type TaskOutcome = (typeof taskOutcomes)[number];
