import type { MikroORM } from '@mikro-orm/postgresql';
import { Temporal } from 'temporal-polyfill';
import { PaymentPayer } from '../entities/index.ts';
import type { Actor } from '../../domain/roles.ts';
import type { VoucherState } from '../../domain/vouchers.ts';
import { epochMs, rowsOf, type Statement } from '../prepared.ts';
import { inTransaction, reader } from '../transaction.ts';

/** A voucher of a payment with its file, if there still is one. Instants are epoch milliseconds. */
export interface VoucherRow {
  readonly id: string;
  readonly position: number;
  readonly givenAs: 'file' | 'paper';
  readonly state: VoucherState;
  readonly givenBy: Actor;
  readonly givenAt: number;
  readonly decidedBy: Actor | null;
  readonly deciderName: string | null;
  readonly decidedAt: number | null;
  readonly remark: string | null;
  readonly mediaType: 'image/jpeg' | 'application/pdf' | null;
  readonly size: number | null;
  readonly pages: number | null;
  /** References of other payments for which the same picture was given. */
  readonly alsoFor: readonly string[];
}

const ofPayment: Statement = {
  name: 'vouchers-of-payment',
  text: `select voucher.id, voucher.position, given_as as "givenAs", voucher.state, given_by as "givenBy", ${epochMs('given_at')} as "givenAt",
      decided_by as "decidedBy", staff_member.name as "deciderName", ${epochMs('decided_at')} as "decidedAt", remark.text as remark,
      file.media_type as "mediaType", file.size, file.pages,
      coalesce((select jsonb_agg(distinct payment.reference) from voucher_file other join payment on payment.id = other.payment_id
        where other.library = file.library and other.content_hash = file.content_hash and other.payment_id <> file.payment_id), '[]') as "alsoFor"
    from voucher
    left join voucher_file file on file.id = voucher.id
    left join remark on remark.id = voucher.remark_id
    left join staff_member on voucher.decided_by = 'staff:' || staff_member.id
    where voucher.payment_id = $1 order by voucher.position`,
};

export function vouchersOf(orm: MikroORM, paymentId: string): Promise<VoucherRow[]> {
  return rowsOf<VoucherRow>(orm, ofPayment, [paymentId]);
}

export interface StoredFile {
  readonly mediaType: 'image/jpeg' | 'application/pdf';
  readonly content: Buffer;
}

const content: Statement = {
  name: 'voucher-content',
  text: `select media_type as "mediaType", content from voucher_file where id = $1 and payment_id = $2`,
};

/** The picture of a voucher; undefined when it was a paper, or has been tidied away. */
export async function voucherContent(
  orm: MikroORM,
  paymentId: string,
  voucherId: string,
): Promise<StoredFile | undefined> {
  return (await rowsOf<StoredFile>(orm, content, [voucherId, paymentId]))[0];
}

const known: Statement = {
  name: 'voucher-known',
  text: `select file.id, voucher.state from voucher_file file left join voucher on voucher.id = file.id where file.id = $1`,
};

/** Whether this file was stored for its payment before, and what was decided on it. */
export async function knownFile(
  orm: MikroORM,
  id: string,
): Promise<{ readonly id: string; readonly state: VoucherState | null } | undefined> {
  return (await rowsOf<{ id: string; state: VoucherState | null }>(orm, known, [id]))[0];
}

export interface FileToStore extends StoredFile {
  readonly id: string;
  readonly library: string;
  readonly patronId: string;
  readonly paymentId: string;
  readonly uploadHash: string;
  readonly contentHash: string;
  readonly pages: number;
  readonly by: Actor;
  readonly at: number;
  /** How long it is kept: an ISO 8601 duration in the library's zone. */
  readonly keep: string;
  readonly timeZone: string;
}

/** Stores what was uploaded, once for its payment. */
export async function storeFile(orm: MikroORM, file: FileToStore): Promise<void> {
  const { id, library, patronId, paymentId, uploadHash, contentHash, mediaType, pages, by, at } = file;
  const keepUntil = Temporal.Instant.fromEpochMilliseconds(at)
    .toZonedDateTimeISO(file.timeZone)
    .add(Temporal.Duration.from(file.keep));
  await inTransaction(orm, (tx) =>
    tx.execute(
      `insert into voucher_file (id, library, patron_id, payment_id, upload_hash, content_hash, media_type, size, pages, content, uploaded_by, uploaded_at, keep_until)
       values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict do nothing`,
      [
        id,
        library,
        patronId,
        paymentId,
        uploadHash,
        contentHash,
        mediaType,
        file.content.length,
        pages,
        file.content,
        by,
        new Date(at),
        new Date(keepUntil.epochMilliseconds),
      ],
    ),
  );
}

/** Takes back a file that its payment did not want. */
export async function dropFile(orm: MikroORM, id: string): Promise<void> {
  await inTransaction(orm, (tx) =>
    tx.execute(
      'delete from voucher_file where id = ? and not exists (select from voucher where voucher.id = voucher_file.id)',
      [id],
    ),
  );
}

export interface Payer {
  readonly name: string | null;
  readonly unit: string | null;
  readonly departmentCode: string | null;
  readonly projectCode: string | null;
}

/** Who is said to pay. */
export async function payerOfPayment(orm: MikroORM, paymentId: string): Promise<Payer | undefined> {
  const row = await reader(orm).findOne(PaymentPayer, { paymentId });
  if (!row) return undefined;
  const { name = null, unit = null, departmentCode = null, projectCode = null } = row;
  return { name, unit, departmentCode, projectCode };
}

/** Keeps who is said to pay; the latest word counts. */
export async function statePayer(
  orm: MikroORM,
  about: { readonly paymentId: string; readonly library: string; readonly patronId: string },
  payer: Payer,
  now: number,
): Promise<void> {
  const { paymentId, library, patronId } = about;
  await inTransaction(orm, (tx) =>
    tx.execute(
      `insert into payment_payer (payment_id, library, patron_id, name, unit, department_code, project_code, stated_at) values (?, ?, ?, ?, ?, ?, ?, ?)
       on conflict (payment_id) do update set name = excluded.name, unit = excluded.unit, department_code = excluded.department_code,
         project_code = excluded.project_code, stated_at = excluded.stated_at`,
      [
        paymentId,
        library,
        patronId,
        payer.name,
        payer.unit,
        payer.departmentCode,
        payer.projectCode,
        new Date(now),
      ],
    ),
  );
}
