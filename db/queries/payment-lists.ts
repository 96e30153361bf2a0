import type { MikroORM } from '@mikro-orm/postgresql';
import type { PaymentMeans, PaymentState } from '../../domain/payments.ts';
import { rowsOf, type Statement } from '../prepared.ts';
import { readerColumns, type ReaderColumns } from './desk.ts';
import type { TimePage } from './holds.ts';
import { type PaymentDetail, paymentColumns } from './payments.ts';

const tables = 'payment left join checkout on checkout.payment_id = payment.id';

const ofReader: Statement = {
  name: 'payments-of-reader',
  text: `select ${paymentColumns} from ${tables} where payment.patron_id = $1
    and ($2::timestamptz is null or (payment.begun_at, payment.id) < ($2, $3::uuid)) order by payment.begun_at desc, payment.id desc limit $4`,
};

/** A reader's payments by whatever means, the latest first; one more than asked for tells that there is a next page. */
export function paymentsOf(orm: MikroORM, { patronId, before, limit }: TimePage): Promise<PaymentDetail[]> {
  return rowsOf(orm, ofReader, [patronId, before?.at, before?.id, limit + 1]);
}

/** What of a library's payments is looked for; the period is of their beginning, the first instant in it and the first after it. */
export interface PaymentSearch {
  readonly library: string;
  readonly state?: PaymentState | undefined;
  readonly means?: PaymentMeans | undefined;
  readonly branch?: string | undefined;
  /** As it was given out, without blanks. */
  readonly reference?: string | undefined;
  readonly from?: Date | undefined;
  readonly to?: Date | undefined;
  readonly before?: { readonly at: Date; readonly id: string } | undefined;
  readonly limit: number;
}

export interface LibraryPayment extends PaymentDetail, ReaderColumns {}

const ofLibrary: Statement = {
  name: 'payments-of-library',
  text: `select ${paymentColumns}, ${readerColumns} from ${tables} join patron on patron.id = payment.patron_id where payment.library = $1
    and ($2::text is null or payment.state = $2) and ($3::text is null or payment.means = $3) and ($4::text is null or payment.branch = $4)
    and ($5::text is null or payment.reference = $5) and ($6::timestamptz is null or payment.begun_at >= $6) and ($7::timestamptz is null or payment.begun_at < $7)
    and ($8::timestamptz is null or (payment.begun_at, payment.id) < ($8, $9::uuid)) order by payment.begun_at desc, payment.id desc limit $10`,
};

/** A library's payments, the latest first; one more than asked for tells that there is a next page. */
export function paymentsOfLibrary(orm: MikroORM, search: PaymentSearch): Promise<LibraryPayment[]> {
  const { library, state, means, branch, reference, from, to, before, limit } = search;
  const period = [from, to, before?.at, before?.id];
  return rowsOf(orm, ofLibrary, [library, state, means, branch, reference, ...period, limit + 1]);
}

const payer: Statement = {
  name: 'payer',
  text: 'select patron_id as "patronId" from payment where id = $1 and library = $2',
};

/** The reader of a library's payment; undefined where there is no such payment. */
export async function payerOf(
  orm: MikroORM,
  library: string,
  paymentId: string,
): Promise<string | undefined> {
  return (await rowsOf<{ patronId: string }>(orm, payer, [paymentId, library]))[0]?.patronId;
}
