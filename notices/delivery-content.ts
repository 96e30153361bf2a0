import type { Money } from './formats.ts';

/** What is delivered of a request to other libraries. Instants are epoch milliseconds, links http or https addresses. */
export interface DeliveryData {
  readonly title: string;
  readonly author: string | null;
  /** Transaction number. */
  readonly number: string;
  /** The library that has sent it. */
  readonly supplier?: string | undefined;
  readonly dueAt?: number | undefined;
  /** Lines that say where it is picked up: campus, building, window, address, telephone, hours (I19). */
  readonly place?: readonly string[] | undefined;
  /** Where it is sent back to by whoever has it by post. */
  readonly returnTo?: string | undefined;
  /** Under the supplier's conditions, in words. */
  readonly conditions?: readonly string[] | undefined;
  /** What the reader was charged for a thing that was lost. */
  readonly charged?: Money | undefined;
  /** What the supplier or the librarian wrote. */
  readonly note?: string | undefined;
}

/** A document (I14, I16). */
export interface DocumentDeliveryData extends DeliveryData {
  /** Until when the link is good. */
  readonly validUntil?: number | undefined;
  readonly downloads?: number | undefined;
  /** Only in a mail to whoever may have it. */
  readonly link?: string | undefined;
  /** What is still to be paid. */
  readonly open?: Money | undefined;
  /** Until when the file is kept. */
  readonly keptUntil?: number | undefined;
}

export const deliveryNotices = [
  'ill-arrived',
  'ill-sent',
  'ill-unusable',
  'ill-renewed',
  'ill-not-renewed',
  'ill-recalled',
  'ill-overdue',
  'ill-lost',
  'ill-due-soon',
] as const;

export const documentNotices = ['ill-document', 'ill-document-held', 'ill-document-expired'] as const;

export type DeliveryNoticeData = {
  readonly [Kind in (typeof deliveryNotices)[number]]: DeliveryData;
} & { readonly [Kind in (typeof documentNotices)[number]]: DocumentDeliveryData };
