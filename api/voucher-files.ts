import { Temporal } from 'temporal-polyfill';
import { v5 } from 'uuid';
import type { PaymentDetail } from '../db/queries/payments.ts';
import { dropFile, knownFile, storeFile, voucherContent } from '../db/queries/vouchers.ts';
import type { LibraryPolicy } from '../domain/policy.ts';
import type { Actor } from '../domain/roles.ts';
import { vouchersOf } from '../domain/transfers.ts';
import { isFaulty } from '../uploads/cleaned.ts';
import type { Limit } from './auth/lock-out.ts';
import { createThrottle } from './auth/throttle.ts';
import type { CommandOutcome } from './commands-port.ts';
import type { ApiDeps } from './deps.ts';
import { fileBytes, type GivenFile } from './files.ts';
import { problem } from './problem.ts';

const dayMs = 86_400_000;

/** How vouchers are sent. What one is, its bytes tell, whatever it is called. */
export const voucherTypes = [
  'image/jpeg',
  'image/png',
  'image/webp',
  'application/pdf',
  'application/octet-stream',
];

const soon = { headers: { 'Retry-After': '30' } };

export interface GivenVoucher {
  readonly payment: PaymentDetail;
  readonly file: GivenFile;
  readonly by: Actor;
  readonly now: number;
}

/** Takes what a reader uploads as proof of a payment (P4, P5): drawn anew, stored once, then told to the payment's process. */
export function createVoucherFiles({ orm, policies, uploads, commands }: ApiDeps) {
  const throttle = createThrottle(orm);

  /** Every file counts, also one that cannot be read: reading is what costs. */
  const admit = async ({ money }: LibraryPolicy, patronId: string, now: number): Promise<void> => {
    const limit: Limit = { failures: money.uploads.perDay, lockMs: dayMs, grows: false };
    const { admitted, lockedUntil } = await throttle.attempt(`upload:${patronId}`, limit, now);
    if (admitted) return;
    const wait = Math.ceil(((lockedUntil ?? now) - now) / 1000);
    throw problem('too-many-uploads', {}, { headers: { 'Retry-After': String(wait) } });
  };

  const keep = async (id: string, given: GivenVoucher): Promise<void> => {
    const { payment, file, by, now } = given;
    const policy = policies.get(payment.library);
    const { maxPages, within, keep: kept } = policy.money.uploads;
    await admit(policy, payment.patronId, now);
    const withinMs = Temporal.Duration.from(within).total('milliseconds');
    const taken = await uploads.take(file.bytes, { maxPages, withinMs });
    if ('later' in taken)
      throw problem(taken.later === 'busy' ? 'uploads-busy' : 'scanner-unavailable', {}, soon);
    if (isFaulty(taken)) throw problem(taken.fault, taken.max === undefined ? {} : { max: taken.max });
    const { library, patronId, id: paymentId } = payment;
    const where = { library, patronId, paymentId, timeZone: policy.timeZone, keep: kept };
    await storeFile(orm, { ...taken, ...where, id, uploadHash: file.hash, by, at: now });
  };

  return {
    give: async (given: GivenVoucher): Promise<CommandOutcome<object>> => {
      const { payment, file, by: actor } = given;
      if (payment.endedAt !== null) throw problem('payment-ended', { state: payment.state });
      if (vouchersOf(policies.get(payment.library), payment) === 'none') throw problem('voucher-not-awaited');
      const voucherId = v5(file.hash, payment.id);
      const known = await knownFile(orm, voucherId);
      if (known?.state === 'refused') throw problem('voucher-refused-before');
      if (!known) await keep(voucherId, given);
      const outcome = await commands.giveVoucher(
        payment.id,
        { voucherId, givenAs: 'file', actor },
        voucherId,
      );
      if (outcome.outcome === 'refused') await dropFile(orm, voucherId);
      return outcome;
    },

    /** To be saved, never shown within the site, whatever it was when it came. */
    reply: async (paymentId: string, voucherId: string) => {
      const file = await voucherContent(orm, paymentId, voucherId);
      if (!file) throw problem('voucher-unknown');
      const ending = file.mediaType === 'application/pdf' ? 'pdf' : 'jpg';
      return {
        status: 200 as const,
        headers: {
          'Content-Type': file.mediaType,
          'Content-Disposition': `attachment; filename="voucher-${voucherId}.${ending}"`,
          'Content-Security-Policy': "sandbox; default-src 'none'",
        },
        body: file.content,
      };
    },
  };
}

/** How a route describes a voucher's file. */
export const voucherFileResponse = {
  description: 'The file, as JPEG or PDF.',
  body: fileBytes,
  mediaType: 'application/octet-stream',
  headers: { 'Content-Disposition': 'A name for the file.' },
} as const;
