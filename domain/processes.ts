/** Processes that have a row each, and a workflow `<process>:<id of the row>` for as long as the row is open. */
export const processes = [
  'hold',
  'loan',
  'registration',
  'membership',
  'payment',
  'statement',
  'ill',
  'supply',
  'peer',
] as const;

export type Process = (typeof processes)[number];
