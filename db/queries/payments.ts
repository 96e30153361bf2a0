import type { MikroORM } from '@mikro-orm/postgresql';
import type { PaymentMeans, PaymentState } from '../../domain/payments.ts';
import { epochMs, rowsOf, type Statement } from '../prepared.ts';

/** A payment with what it is for and where its money stands. Amounts are minor units, instants epoch milliseconds. */
export interface PaymentDetail {
  readonly id: string;
  readonly library: string;
  readonly patronId: string;
  readonly means: PaymentMeans;
  readonly state: PaymentState;
  readonly way: string | null;
  readonly amount: number;
  readonly prepaid: number;
  readonly received: number;
  readonly currency: string;
  readonly begunAt: number;
  readonly expiresAt: number | null;
  readonly endedAt: number | null;
  /** When all that was booked for it was taken back. */
  readonly reversedAt: number | null;
  /** At whose desk it was paid. */
  readonly branch: string | null;
  readonly reference: string | null;
  readonly lines: readonly { readonly chargeId: string; readonly amount: number; readonly cause: string }[];
  /** Where an online payment is paid. */
  readonly url: string | null;
  /** When its gateway was last asked. */
  readonly lookedAt: number | null;
  /** The gateway has told of it, or says it is on its way, and it is not booked yet. */
  readonly booking: boolean;
  /** It was given up, and the gateway has not closed it yet. */
  readonly cancelling: boolean;
}

/** The columns of a `PaymentDetail`, of `payment left join checkout`. */
export const paymentColumns = `payment.id, payment.library, payment.patron_id as "patronId", payment.means, payment.state, payment.way, payment.currency,
  payment.amount::float8 as amount, payment.prepaid::float8 as prepaid, payment.received::float8 as received,
  ${epochMs('payment.begun_at')} as "begunAt", ${epochMs('payment.expires_at')} as "expiresAt", ${epochMs('payment.ended_at')} as "endedAt",
  ${epochMs('payment.reversed_at')} as "reversedAt", payment.branch, payment.reference,
  (select coalesce(jsonb_agg(jsonb_build_object('chargeId', charge_id, 'amount', payment_line.amount, 'cause', charge.cause) order by position), '[]')
    from payment_line join charge on charge.id = charge_id where payment_id = payment.id) as lines,
  ${epochMs('checkout.looked_at')} as "lookedAt",
  case when payment.ended_at is null and checkout.cancel_at is null then checkout.url end as url,
  payment.ended_at is null and (coalesce(checkout.state in ('pending', 'paid'), false)
    or exists (select from gateway_event where payment_id = payment.id and followed_at is null)) as booking,
  payment.ended_at is null and checkout.cancel_at is not null as cancelling`;

const detail = (condition: string, name: string): Statement => ({
  name,
  text: `select ${paymentColumns} from payment left join checkout on checkout.payment_id = payment.id where payment.id = $1 and ${condition}`,
});

const ofReader = detail('payment.patron_id = $2', 'payment-of-reader');
const ofLibrary = detail('payment.library = $2', 'payment-of-library');

/** A reader's own payment. */
export async function readersPayment(
  orm: MikroORM,
  patronId: string,
  paymentId: string,
): Promise<PaymentDetail | undefined> {
  return (await rowsOf<PaymentDetail>(orm, ofReader, [paymentId, patronId]))[0];
}

/** A payment of the library's readers. */
export async function librarysPayment(
  orm: MikroORM,
  library: string,
  paymentId: string,
): Promise<PaymentDetail | undefined> {
  return (await rowsOf<PaymentDetail>(orm, ofLibrary, [paymentId, library]))[0];
}

export interface NotifiedPayment {
  readonly id: string;
  readonly patronId: string;
}

const notified: Statement = {
  name: 'payment-notified',
  text: `select id, patron_id as "patronId" from payment
    where library = $1 and provider = $2 and (id = $3::uuid or provider_ref = $4) order by id = $3::uuid desc nulls last limit 1`,
};

/** The payment a gateway's notification is about: by our own id, which the gateway was told, or else by the gateway's. */
export async function notifiedPayment(
  orm: MikroORM,
  library: string,
  provider: string,
  { paymentId, ref }: { readonly paymentId: string | null; readonly ref: string | null },
): Promise<NotifiedPayment | undefined> {
  return (await rowsOf<NotifiedPayment>(orm, notified, [library, provider, paymentId, ref]))[0];
}
