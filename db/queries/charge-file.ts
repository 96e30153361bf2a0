import type { MikroORM } from '@mikro-orm/postgresql';
import type { DisputeState } from '../../domain/disputes.ts';
import type { Actor } from '../../domain/roles.ts';
import { epochMs, rowsOf, type Statement } from '../prepared.ts';
import { type ChargeRow, chargeColumns, chargeTables } from './charges.ts';
import { type ReaderColumns, readerColumns } from './desk.ts';

/** A booking that settled part of a charge. Amounts are minor units, instants epoch milliseconds. */
export interface SettlingRow {
  readonly id: string;
  readonly kind: string;
  readonly at: number;
  readonly amount: number;
  readonly actor: Actor;
  /** Of the member of staff. */
  readonly name: string | null;
  readonly reason: string | null;
  readonly note: string | null;
  readonly reversed: boolean;
}

export interface DisputeRow {
  readonly id: string;
  readonly state: DisputeState;
  readonly disputed: number;
  readonly text: string;
  readonly openedAt: number;
  readonly decidedAt: number | null;
  readonly decidedBy: Actor | null;
  readonly name: string | null;
  readonly note: string | null;
}

/** A charge with all that became of it. */
export interface ChargeFileRow extends ChargeRow, ReaderColumns {
  readonly barcode: string | null;
  readonly settling: readonly SettlingRow[];
  readonly disputes: readonly DisputeRow[];
}

const file: Statement = {
  name: 'charge-file',
  text: `select ${chargeColumns}, ${readerColumns}, item.barcode,
      (select coalesce(jsonb_agg(to_jsonb(part) order by part.at, part.id), '[]') from (
        select journal.id, journal.kind, ${epochMs('journal.at')} as at, allocation.amount, journal.actor, staff_member.name, journal.reason,
          wrote.text as note, exists (select from journal later where later.reverses = journal.id) as reversed
        from allocation join journal on journal.id = journal_id left join remark wrote on wrote.id = journal.remark_id
          left join staff_member on journal.actor = 'staff:' || staff_member.id
        where charge_id = charge.id) part) as settling,
      (select coalesce(jsonb_agg(to_jsonb(part) order by part."openedAt", part.id), '[]') from (
        select dispute.id, dispute.state, dispute.disputed, said.text, ${epochMs('dispute.opened_at')} as "openedAt",
          ${epochMs('dispute.decided_at')} as "decidedAt", dispute.decided_by as "decidedBy", staff_member.name, wrote.text as note
        from dispute join remark said on said.id = dispute.remark_id left join remark wrote on wrote.id = dispute.decision_remark_id
          left join staff_member on dispute.decided_by = 'staff:' || staff_member.id
        where charge_id = charge.id) part) as disputes
    from ${chargeTables} join patron on patron.id = charge.patron_id where charge.library = $1 and charge.id = $2`,
};

/** A charge of the library; undefined where there is none. */
export async function chargeFileOf(
  orm: MikroORM,
  library: string,
  id: string,
): Promise<ChargeFileRow | undefined> {
  return (await rowsOf<ChargeFileRow>(orm, file, [library, id]))[0];
}

const waived: Statement = {
  name: 'charge-of-waiver',
  text: `select charge.id, charge.patron_id as "patronId" from journal join allocation on journal_id = journal.id join charge on charge.id = charge_id
    where journal.library = $1 and journal.id = $2 and journal.kind like 'waiver-%'`,
};

/** What a waiver of the library was for. */
export async function chargeOfWaiver(
  orm: MikroORM,
  library: string,
  id: string,
): Promise<{ id: string; patronId: string } | undefined> {
  return (await rowsOf<{ id: string; patronId: string }>(orm, waived, [library, id]))[0];
}
