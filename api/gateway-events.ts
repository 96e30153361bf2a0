import { createHash } from 'node:crypto';
import { v5 } from 'uuid';
import type { Notified } from '../activities/gateways/payment-gateway.ts';
import { notifiedPayment } from '../db/queries/payments.ts';
import { inTransaction } from '../db/transaction.ts';
import type { ApiDeps } from './deps.ts';
import type { KnownPayment } from './payment-commands.ts';

/** The name space of notifications' ids; it must never change. */
const nameSpace = 'a2c5a7b0-6c55-5a0e-8a39-3f2f5f0f9d42';

const uuidForm = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;

/** A notification that was verified, and the bytes it came as. */
export interface Genuine {
  readonly library: string;
  readonly provider: string;
  readonly notified: Notified;
  readonly body: Buffer;
  readonly now: number;
}

/**
 * Keeps a notification, once however often it is sent (P8), and answers the payment it is about while it has not been followed; undefined when there is nothing to follow.
 * One about nothing known here is kept too: the gateway has money that reconciliation will name.
 */
export async function keepNotification(
  orm: ApiDeps['orm'],
  { library, provider, notified, body, now }: Genuine,
): Promise<KnownPayment | undefined> {
  const { eventId, kind, ref } = notified;
  const paymentId = uuidForm.test(notified.paymentId ?? '') ? notified.paymentId : null;
  const about = await notifiedPayment(orm, library, provider, { paymentId, ref });
  const id = v5(`${library}/${provider}/${eventId}`, nameSpace);
  const digest = createHash('sha256').update(body).digest('hex');
  const values = [id, library, provider, eventId, kind, ref, about?.id ?? null, digest, new Date(now)];
  const [kept] = await inTransaction(orm, async (tx) => {
    // Whichever key is met first: naming one would let two at the same instant fail on the other.
    const inserted = await tx.execute<{ followed: boolean }[]>(
      `insert into gateway_event (id, library, provider, event_id, kind, ref, payment_id, digest, received_at)
       values (?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict do nothing returning false as followed`,
      values,
    );
    if (inserted.length > 0) return inserted;
    const known = 'select followed_at is not null as followed from gateway_event where id = ?';
    return tx.execute<{ followed: boolean }[]>(known, [id]);
  });
  if (!about || kept?.followed) return undefined;
  return { paymentId: about.id, library, patronId: about.patronId };
}
