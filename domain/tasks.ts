/** What waits for staff on the work list (G2); each has a text in every language. */
export const taskKinds = ['phone-reader', 'email-failing'] as const;

export type TaskKind = (typeof taskKinds)[number];

/** What came of a task; `settled`: staff have seen to it; `dropped`: it was no longer needed. */
export const taskOutcomes = ['reached', 'not-reached', 'settled', 'dropped'] as const;

export type TaskOutcome = (typeof taskOutcomes)[number];
