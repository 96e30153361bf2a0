import type { UpdateDefinition } from '@temporalio/common';
import type { Roused } from '../activities/deps.ts';
import type { Reason, Refused } from '../domain/refusal.ts';
import type { CommandAnswer, CommandInput, CommandName } from '../workflows/command.ts';
import type * as holds from '../workflows/hold.ts';
import type * as requests from '../workflows/ill.ts';
import type * as supplies from '../workflows/supply.ts';
import type * as loans from '../workflows/loan.ts';
import type * as payments from '../workflows/payment.ts';
import type * as statements from '../workflows/statement.ts';
import type * as vouchers from '../workflows/vouchers.ts';
import type * as registrations from '../workflows/registration.ts';
import type { KnownPayment } from './payment-commands.ts';

/**
 * What became of a command. `accepted`: the engine holds it, but no worker has answered in time; it will be done, and the row tells when.
 */
export type CommandOutcome<T> =
  | { readonly outcome: 'done'; readonly result: T }
  | { readonly outcome: 'refused'; readonly refused: readonly Reason[] }
  | { readonly outcome: 'accepted' };

/** The engine did not take the command: nothing has happened, and the same request may be made again. */
export class EngineUnavailable extends Error {
  constructor(cause: unknown) {
    super('The engine does not answer.', { cause });
    this.name = 'EngineUnavailable';
  }
}

/** Whose command it is, so that operators find it (G1). */
export interface About {
  readonly library: string;
  readonly patronId?: string;
}

type Told<U> = (subjectId: string, wish: Wish<U>, key: string) => Outcome<Answer<U>>;
type Outcome<A> = Promise<CommandOutcome<Exclude<A, Refused>>>;
type Answer<U> = U extends UpdateDefinition<infer A, infer _> ? A : never;
type Wish<U> = U extends UpdateDefinition<unknown, infer Arguments> ? Arguments[0] : never;

/** What a scan at a desk came to. */
export type ScanResult = Exclude<Answer<typeof loans.checkIn>, Refused>;

/**
 * What the routes ask of the workflow engine. `key` makes a command repeatable: given again, it gets the first one's answer and nothing happens
 * twice. All of them throw EngineUnavailable when the engine cannot be reached.
 */
export interface Commands {
  readonly placeHold: (input: holds.HoldInput) => Outcome<holds.HoldAnswer>;
  readonly changeHold: (
    holdId: string,
    wish: Wish<typeof holds.changeHold>,
    key: string,
  ) => Outcome<Answer<typeof holds.changeHold>>;
  readonly cancelHold: (
    holdId: string,
    wish: Wish<typeof holds.cancelHold>,
    key: string,
  ) => Outcome<Answer<typeof holds.cancelHold>>;
  readonly recordContact: (
    holdId: string,
    call: Wish<typeof holds.recordContact>,
    key: string,
  ) => Outcome<Answer<typeof holds.recordContact>>;
  /** `plannedDueAt`: what operators see as the deadline until the check-out has decided it; epoch milliseconds. */
  readonly checkOut: (input: loans.LoanInput, plannedDueAt?: number) => Outcome<loans.LoanAnswer>;
  /** `loanId`: the item's open loan, null when it has none. */
  readonly checkIn: (
    loanId: string | null,
    scan: Omit<Wish<typeof loans.checkIn>, 'scanId'>,
    key: string,
    about?: About,
  ) => Outcome<Answer<typeof loans.checkIn>>;
  readonly renew: (
    loanId: string,
    wish: Wish<typeof loans.renew>,
    key: string,
  ) => Outcome<Answer<typeof loans.renew>>;
  /** After the API has written version 1 of the form; the same application again gets the first answer. */
  readonly submitApplication: (
    input: registrations.RegistrationInput,
  ) => Outcome<Answer<typeof registrations.submitted>>;
  readonly confirmApplication: Told<typeof registrations.confirmApplication>;
  readonly decideApplication: Told<typeof registrations.decideApplication>;
  readonly resubmitApplication: Told<typeof registrations.resubmitApplication>;
  readonly withdrawApplication: Told<typeof registrations.withdrawApplication>;
  /** `expiresAt`: what operators see as the deadline until the first step has decided it; epoch milliseconds. */
  readonly beginPayment: (
    input: payments.PaymentInput,
    expiresAt?: number,
  ) => Outcome<Answer<typeof payments.begun>>;
  readonly cancelPayment: Told<typeof payments.cancelPayment>;
  /** After the API has stored the file, where it is one (P4). */
  readonly giveVoucher: Told<typeof vouchers.giveVoucher>;
  readonly decideVouchers: Told<typeof vouchers.decideVouchers>;
  /** Tells processes of committed messages, and begins them where they are not open (I18). */
  readonly rouse: (processes: readonly Roused[]) => Promise<void>;
  /** Makes a payment's process ask its gateway now, also one that has ended. */
  readonly followPayment: (payment: KnownPayment) => Promise<void>;
  /** After the API has stored the file; answers when it has been read, before its entries are matched (P9). */
  readonly importStatement: (
    input: statements.StatementInput,
  ) => Outcome<Answer<typeof statements.statementRead>>;
  /** After the API has stored version 1 of the form (I1); the same request again gets the first answer. */
  readonly beginRequest: (input: requests.IllInput) => Outcome<requests.IllAnswer>;
  /** What reader or librarian do with it; `act` says what. */
  readonly actOnRequest: (
    requestId: string,
    wish: requests.RequestWish,
    key: string,
  ) => Outcome<requests.IllAnswer>;
  readonly actOnSupply: Told<typeof supplies.actOnSupply>;
  /** A command that belongs to no open process, done once for each name and key. */
  readonly run: <N extends CommandName>(
    name: N,
    given: CommandInput<N>['arguments'],
    key: string,
    about?: About,
  ) => Outcome<CommandAnswer<N>>;
  /** Resolves when the engine answers. */
  readonly ping: () => Promise<void>;
}
