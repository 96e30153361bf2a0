import { enhancedCode } from './delivery-status.ts';
import { spokenOutcome } from './phrases.ts';

/** What is known of a mail that was given up. */
export interface Failure {
  /** Enhanced status code of RFC 3463. */
  readonly status: string | undefined;
  /** What the receiving server answered. */
  readonly diagnostic: string;
  /** What the report says in words. */
  readonly text: string;
}

/** Codes that leave no doubt, by their last two numbers; `1.*` is about the recipient's address, but 1.7 and 1.8 are about the sender's. */
const certain: Readonly<Record<string, 'hard' | 'soft'>> = {
  '1.7': 'soft',
  '1.8': 'soft',
  '1.9': 'soft',
  '2.1': 'hard',
  '2.2': 'soft',
  '2.3': 'soft',
  '2.4': 'soft',
  '4.4': 'hard',
  '4.310': 'hard',
  '4.6': 'soft',
  '4.7': 'soft',
};

/** The more telling of the report's code and the one in the server's own answer: `5.0.0` says nothing. */
export function codeOf({ status, diagnostic }: Failure): string | undefined {
  const answered = enhancedCode(diagnostic);
  return !status || /^\d\.0\.0$/.test(status) ? (answered ?? status) : status;
}

/**
 * Whether nobody can be reached at the address (`hard`), or the mail was given up for a reason that may pass or is not the address's (`soft`): a full mailbox, a server
 * out of reach for days, a filter. In doubt it is soft: a good address is not taken from a reader, and several in a row tell as well.
 */
export function judge(failure: Failure): 'hard' | 'soft' {
  const code = codeOf(failure);
  if (code?.startsWith('4')) return 'soft';
  const detail = code?.slice(2) ?? '';
  const settled = certain[detail] ?? (detail.startsWith('1.') && detail !== '1.0' ? 'hard' : undefined);
  return settled ?? spokenOutcome(failure.diagnostic) ?? spokenOutcome(failure.text) ?? 'soft';
}
