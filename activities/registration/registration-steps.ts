import type { Step } from '../../db/transaction.ts';
import type { Reason, Refused } from '../../domain/refusal.ts';
import type { ReviewDecision, Seen } from '../../domain/registration.ts';
import type { Actor } from '../../domain/roles.ts';
import type { Standing } from '../../domain/standing.ts';

/** Ids and codes only: what the applicant wrote is in `application_form`, what staff wrote in `remark`. */
export interface SubmitApplication {
  /** The id under which the API has written version 1 of the form. */
  readonly applicationId: string;
  readonly library: string;
  readonly now: number;
}

/** The link in the mail was used that went to the address of this version; the API has checked its secret (domain/application-link.ts). */
export interface ConfirmApplication extends Step {
  readonly applicationId: string;
  readonly version: number;
}

/** The applicant has answered a question, or corrected what was rejected: the form is there as `version`. */
export interface ResubmitApplication extends Step {
  readonly applicationId: string;
  readonly version: number;
}

export interface WithdrawApplication extends Step {
  readonly applicationId: string;
  readonly actor: Actor;
}

/** What a librarian sets for the account with the approval, where it differs from what the policy grants (A6). Amounts in minor units. */
export interface AccountTerms {
  /** `YYYY-MM-DD`, the last day on which the account is valid; null: without end. */
  readonly expiresOn?: string | null | undefined;
  readonly userGroup?: string | undefined;
  readonly permissions?: readonly string[] | undefined;
  readonly overdraftLimitMinor?: number | null | undefined;
  readonly depositMinor?: number | undefined;
}

/**
 * A reviewer's decision (A5). `reject` and `ask` wait for the applicant and need a remark, whose text is mailed; so does `reject-for-good`. `merge` gives what
 * was applied for to `patronId`, a card that the applicant has already, and changes neither its number nor its password.
 */
export interface DecideApplication extends Step {
  readonly applicationId: string;
  readonly actor: Actor;
  readonly decision: ReviewDecision;
  /** What the reviewer had in view: if a colleague or the applicant was quicker, the decision is refused with `application-decided` or `application-changed`. */
  readonly seen: Seen;
  readonly remarkId?: string | undefined;
  readonly patronId?: string | undefined;
  readonly terms?: AccountTerms | undefined;
}

export interface LookAtApplication {
  readonly applicationId: string;
  readonly now: number;
}

/** Every reason against it, or where the application stands now. `application-decided` says by whom (`staff:<id>`) and what. */
export type ApplicationAnswer = Refused | { readonly standing: Standing };

/** A decision as the transaction makes it. */
export interface Decision {
  readonly refused?: readonly Reason[];
}
