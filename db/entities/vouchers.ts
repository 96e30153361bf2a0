import { defineEntity, type InferEntity, p } from '@mikro-orm/core';
import type { Actor } from '../../domain/roles.ts';
import type { VoucherState } from '../../domain/vouchers.ts';

/** Who the reader says will pay (P4, P5): the name on the bank's statement, or the unit of an internal transfer with its codes. */
export const PaymentPayer = defineEntity({
  name: 'PaymentPayer',
  properties: {
    paymentId: p.uuid().primary(),
    library: p.string(),
    patronId: p.uuid(),
    name: p.string().nullable(),
    unit: p.string().nullable(),
    departmentCode: p.string().nullable(),
    projectCode: p.string().nullable(),
    statedAt: p.datetime(),
  },
});
export type PaymentPayer = InferEntity<typeof PaymentPayer>;

/**
 * What was uploaded as proof of a payment, drawn anew so that nothing but the picture is left of it. `uploadHash` is of what came, `contentHash` of what is kept:
 * SHA-256, in base64url.
 */
export const VoucherFile = defineEntity({
  name: 'VoucherFile',
  properties: {
    id: p.uuid().primary(),
    library: p.string(),
    patronId: p.uuid(),
    paymentId: p.uuid(),
    uploadHash: p.string(),
    contentHash: p.string(),
    mediaType: p.string().$type<'image/jpeg' | 'application/pdf'>(),
    /** Bytes of `content`. */
    size: p.integer(),
    pages: p.integer(),
    content: p.blob().lazy(),
    uploadedBy: p.string().$type<Actor>(),
    uploadedAt: p.datetime(),
    keepUntil: p.datetime(),
  },
});
export type VoucherFile = InferEntity<typeof VoucherFile>;

/** Proof of a payment as staff decide on it: an uploaded file with the same id, or a paper handed in at the desk. */
export const Voucher = defineEntity({
  name: 'Voucher',
  properties: {
    id: p.uuid().primary(),
    library: p.string(),
    patronId: p.uuid(),
    paymentId: p.uuid(),
    position: p.integer(),
    givenAs: p.string().$type<'file' | 'paper'>(),
    state: p.string().$type<VoucherState>(),
    givenBy: p.string().$type<Actor>(),
    givenAt: p.datetime(),
    decidedBy: p.string().$type<Actor>().nullable(),
    decidedAt: p.datetime().nullable(),
    /** Why it was refused, in staff's words. */
    remarkId: p.uuid().nullable(),
  },
});
export type Voucher = InferEntity<typeof Voucher>;
