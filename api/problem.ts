import type { Reason } from '../domain/refusal.ts';
import type { ProblemCode } from './problem-codes.ts';
import { problemStatus } from './problem-codes.ts';

/** The numbers, dates and words a problem's text is made with; instants are ISO 8601 text. */
export type ProblemValues = Readonly<Record<string, string | number | boolean>>;

/** One of the reasons of a problem. */
export type ProblemReason = { readonly code: ProblemCode } & ProblemValues;

/**
 * A part of the request that is not as it should be, in words or by the code of a problem whose words fit; the pointer is RFC 6901 within that
 * part.
 */
export type InputError = {
  readonly in: 'body' | 'query' | 'header';
  readonly pointer: string;
} & ({ readonly detail: string } | { readonly code: ProblemCode; readonly values?: ProblemValues });

interface More {
  readonly errors?: readonly InputError[];
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * What a handler throws when it cannot do what was asked; the one error middleware makes problem+json of it (RFC 9457). Its code, title,
 * detail and status are those of the first reason; all reasons are listed.
 */
export class ProblemError extends Error {
  readonly reasons: readonly [ProblemReason, ...ProblemReason[]];
  readonly errors: readonly InputError[];
  readonly headers: Readonly<Record<string, string>>;

  constructor(reasons: readonly [ProblemReason, ...ProblemReason[]], more: More = {}) {
    super(reasons.map((reason) => reason.code).join(', '));
    this.name = 'ProblemError';
    this.reasons = reasons;
    this.errors = more.errors ?? [];
    this.headers = more.headers ?? {};
  }

  get code(): ProblemCode {
    return this.reasons[0].code;
  }

  get status(): number {
    return problemStatus[this.code];
  }
}

export function problem(code: ProblemCode, values: ProblemValues = {}, more: More = {}): ProblemError {
  return new ProblemError([{ ...values, code }], more);
}

/** The problem of something the library's rules refuse, with every reason. */
export function refusal(reasons: readonly (Reason | ProblemReason)[], more: More = {}): ProblemError {
  const [first, ...others] = reasons as readonly ProblemReason[];
  if (first === undefined) throw new Error('A refusal without a reason.');
  return new ProblemError([first, ...others], more);
}
