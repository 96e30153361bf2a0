import type { ApplicationNoticeData } from './application-content.ts';
import type { DeliveryNoticeData } from './delivery-content.ts';
import type { DifferenceKind } from '../domain/differences.ts';
import type { EmailFailure } from '../domain/email.ts';
import type { ContactMethod, NoticeKind } from '../domain/kinds.ts';
import type { Language, Localised } from '../domain/languages.ts';
import type { Reason } from '../domain/refusal.ts';
import type { PayTo } from '../domain/transfers.ts';
import type { CancelReason } from './codes.ts';
import type { Money } from './formats.ts';

/** What a notice says of the library it comes from; a `LibraryPolicy` has it all. */
export interface NoticeLibrary {
  readonly name: Localised;
  /** IANA zone in which all times are written. */
  readonly timeZone: string;
  readonly phone: string;
  readonly website: string;
}

/** The title a notice is about, as a reader knows it. */
export interface OfTitle {
  readonly title: string;
  readonly author?: string | null | undefined;
}

export interface PlacedData extends OfTitle {
  readonly placeName: string;
  /** 1: next in turn. */
  readonly queuePosition: number;
  readonly contact?: ContactMethod | undefined;
}

export interface SecuredData extends OfTitle {
  readonly placeName: string;
  readonly placeAddress?: string | null | undefined;
  /** When the mobile library next calls at the stop (epoch milliseconds), if the place is one. */
  readonly visitAt?: number | undefined;
  /** End of the pickup window (epoch milliseconds); not known while a phone call is still to be made. */
  readonly keepUntil?: number | undefined;
  /** Length of the window in days, told where `keepUntil` is not known. */
  readonly keepDays?: number | undefined;
  readonly contact?: ContactMethod | undefined;
  /** Of another library's thing: when it has to be back, and under what conditions it is lent, in words. */
  readonly dueAt?: number | undefined;
  readonly conditions?: readonly string[] | undefined;
  /** More about the place: campus, building, window, telephone, hours (I19). */
  readonly placeLines?: readonly string[] | undefined;
}

export interface LapsedData extends OfTitle {
  /** Epoch milliseconds. */
  readonly wasKeptUntil: number;
}

export interface CancelledData extends OfTitle {
  readonly reason: CancelReason;
  /** What staff wrote to the reader about it. */
  readonly remark?: string | null | undefined;
}

export interface PassedOverData extends OfTitle {
  /** Why the reader could not be served, or what became of the copy kept for them (H11); at least one. */
  readonly reasons: readonly Reason[];
}

export interface DueSoonData extends OfTitle {
  /** Epoch milliseconds. */
  readonly dueAt: number;
  readonly renewable: boolean;
}

export interface OverdueData extends OfTitle {
  /** Epoch milliseconds. */
  readonly dueAt: number;
  /** Which overdue notice of this loan it is, from 1. */
  readonly step: number;
  /** What has come up so far, where the library takes a fee. */
  readonly fee?: Money | undefined;
}

export interface PasswordLinkData {
  /** An http or https address. */
  readonly url: string;
  /** Epoch milliseconds. */
  readonly validUntil: number;
}

export type AddressLinkData = PasswordLinkData;

export interface EmailFailingData {
  readonly reason: EmailFailure;
  /** It is about a new address that is not confirmed yet. */
  readonly pending: boolean;
}

/** The two cards a change in a family is about, by their numbers; null: its holder has been erased. */
export interface FamilyData {
  readonly mainCard: string | null;
  readonly subCard: string | null;
}

/** What libraries have supplied to each other in a period (I17); days `YYYY-MM-DD`, both included, and what one of the two has to pay. */
export interface LibrarySettlementData {
  readonly number: string;
  readonly from: string;
  readonly to: string;
  readonly amount: Money;
  readonly sum: 'they-pay' | 'we-pay' | 'nothing';
}

export interface ReconciliationDiffersData {
  /** `YYYY-MM-DD`. */
  readonly day: string;
  readonly lines: readonly {
    readonly kind: DifferenceKind;
    /** What the account is called. */
    readonly account: string;
    readonly amount: Money;
  }[];
  /** How many there are besides. */
  readonly others: number;
}

export interface MembershipDueData {
  /** Which notice about this fee it is, from 1. */
  readonly step: number;
  /** What is still to be paid. */
  readonly open: Money;
  /** `YYYY-MM-DD`. */
  readonly paidUntil: string;
}

/** A bank transfer that was not what it should have been (P9); `other`: what is left to pay, became credit, or is open again. */
export interface TransferData {
  readonly amount: Money;
  readonly other: Money;
  readonly reference?: string | undefined;
  /** What it had paid is not open again, but charged anew. */
  readonly charged?: boolean;
}

/** A receipt or a settlement slip, or the receipt of a pay-out or a deposit. */
export interface PaymentReceivedData extends InvoiceIssuedData {
  readonly kind: 'receipt' | 'slip' | 'payout' | 'deposit' | 'deposit-return';
  /** How it was paid, or paid out; a code. */
  readonly means: string;
}

export interface InvoiceIssuedData {
  readonly amount: Money;
  readonly number?: string | undefined;
  /** It goes with the mail; otherwise it is in the account. */
  readonly attached: boolean;
}

/** What staff decided on a disputed fee (P7): its cause, what was waived, and what is to be paid now. */
export interface DisputeDecidedData {
  readonly cause: string;
  readonly waived?: Money | undefined;
  /** What of it the balance was used for at once (P2). */
  readonly debited?: Money | undefined;
  readonly open: Money;
  /** What staff wrote. */
  readonly remark: string | null;
}

/** A payment that waits for a transfer (P4, P5). */
export interface AwaitedPaymentData {
  readonly amount: Money;
  /** As it is shown to people. */
  readonly reference: string;
  /** Until when it is waited for; epoch milliseconds. */
  readonly until?: number | undefined;
}

/** Where the money goes, and what is to be done besides. */
export interface InstructionsData extends AwaitedPaymentData {
  readonly to: PayTo;
  readonly vouchers: 'checked' | 'taken' | 'none';
  /** The form of an internal transfer goes with the mail. */
  readonly attached?: boolean | undefined;
}

export interface VoucherRefusedData extends AwaitedPaymentData {
  /** What staff wrote. */
  readonly remark: string;
  readonly forGood: boolean;
}

/** The request to other libraries that a notice is about. */
export interface RequestData extends OfTitle {
  /** Transaction number. */
  readonly number: string;
}

export interface RequestRemarkData extends RequestData {
  /** What the librarian wrote. */
  readonly remark?: string | null | undefined;
}

export interface RequestAskedData extends RequestData {
  readonly what: 'price' | 'cost' | 'condition' | 'data' | 'other';
  /** In words of the reader's language. */
  readonly conditions: readonly string[];
  readonly reason?: string | undefined;
  readonly price?: Money | undefined;
  /** Epoch milliseconds. */
  readonly until?: number | undefined;
}

export interface RequestUnfilledData extends RequestRemarkData {
  readonly reason: 'all-unfilled' | 'no-supplier' | 'needed-by-passed' | 'not-obtained';
  /** Who was asked, and why not, in words of the reader's language. */
  readonly suppliers: readonly { readonly name: string; readonly why: string }[];
}

/** A form as the librarian gets it; labels are texts of the notice, values as the reader wrote them or in the library's language. */
export interface RequestFormData extends RequestData {
  readonly fields: readonly { readonly label: string; readonly value: string }[];
}

interface DataByKind extends DeliveryNoticeData, ApplicationNoticeData {
  readonly placed: PlacedData;
  readonly secured: SecuredData;
  readonly lapsed: LapsedData;
  readonly cancelled: CancelledData;
  readonly 'passed-over': PassedOverData;
  readonly 'due-soon': DueSoonData;
  readonly overdue: OverdueData;
  readonly 'password-link': PasswordLinkData;
  readonly 'confirm-email': AddressLinkData;
  readonly 'email-registered': object;
  readonly 'email-changed': object;
  readonly 'email-failing': EmailFailingData;
  readonly 'test-mail': object;
  readonly 'family-linked': FamilyData;
  readonly 'family-unlinked': FamilyData;
  readonly 'family-consent': FamilyData;
  readonly 'family-consent-ended': FamilyData;
  readonly 'membership-due': MembershipDueData;
  readonly 'reconciliation-differs': ReconciliationDiffersData;
  readonly 'library-settlement': LibrarySettlementData;
  readonly 'dispute-decided': DisputeDecidedData;
  readonly 'payment-received': PaymentReceivedData;
  readonly 'payment-short': TransferData;
  readonly 'payment-double': TransferData;
  readonly 'payment-returned': TransferData;
  readonly 'payment-instructions': InstructionsData;
  readonly 'payment-expiring': AwaitedPaymentData;
  readonly 'voucher-refused': VoucherRefusedData;
  readonly 'invoice-issued': InvoiceIssuedData;
  readonly 'ill-submitted': RequestData;
  readonly 'ill-promised': RequestData;
  readonly 'ill-asked': RequestAskedData;
  readonly 'ill-unfilled': RequestUnfilledData;
  readonly 'ill-cancelled': RequestRemarkData;
  readonly 'ill-cancel-refused': RequestData;
  readonly 'ill-rejected': RequestRemarkData;
  readonly 'ill-form': RequestFormData;
}

export type DataOf<Kind extends NoticeKind> = DataByKind[Kind];

export interface NoticeOf<Kind extends NoticeKind> {
  readonly kind: Kind;
  readonly data: DataOf<Kind>;
}

/** What a notice of each kind tells, as plain data that can be stored as JSON. */
export type NoticeContent = { readonly [Kind in NoticeKind]: NoticeOf<Kind> }[NoticeKind];

/** A notice to be written: for whom, from which library, in which language. */
export type NoticeRequest = NoticeContent & {
  readonly language: Language;
  readonly library: NoticeLibrary;
  readonly patronName: string;
  /** `message`: shown in the reader's account only, so nothing is said of the mail address. Mail unless stated. */
  readonly channel?: 'mail' | 'message' | undefined;
};
