/** A message as far as it matters for sending it again. */
interface Lost {
  readonly direction: 'in' | 'out';
  /** Its action, its reason and status, or of a request its type. */
  readonly says: string;
  readonly state: string;
}

const requests: ReadonlySet<string> = new Set(['New', 'Retry', 'Reminder']);
const lost: ReadonlySet<string> = new Set(['refused', 'given-up']);

/** Whether staff can have it said again: it was refused or given up, and is no request, which the next supplier has by then (I18). */
export const mayBeResent = ({ direction, says, state }: Lost): boolean =>
  direction === 'out' && lost.has(state) && !requests.has(says);
