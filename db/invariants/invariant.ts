/**
 * Something that must be true of the rows at any moment, whatever was killed or sent twice. `sql` answers, as `id`, what breaks it: none when all is well.
 * It finds the moment of the audit, the grace and the policies in settings, see `settings` below, so that it runs in psql as well.
 */
export interface Invariant {
  readonly name: string;
  /** One sentence for operators. */
  readonly meaning: string;
  readonly sql: string;
  /** `report`: worth knowing, but nothing is wrong. */
  readonly severity?: 'report';
}

/** The moment the audit asks about. */
export const now = `current_setting('carrel.now')::timestamptz`;

/** How late a timer or a delivery may be before it counts as lost. */
export const grace = `current_setting('carrel.grace')::interval`;

/** One row for each library's policy, as `policy`; see policy-facts.ts for the columns. */
export const policies = `jsonb_to_recordset(current_setting('carrel.policies')::jsonb) as policy
  (library text, hold_limit int, hold_kinds jsonb, count_as jsonb, renewals int, zone text, notice_time time, overdue_steps jsonb, notices jsonb, invoice_causes jsonb, ill_downloads int, supplied_downloads int)`;

export const openHold = `('waiting', 'in-transit', 'secured')`;
