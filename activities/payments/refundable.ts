import type { Tx } from '../../db/transaction.ts';

/**
 * What of a reader's balance goes back to the reader: not what was paid online (P7), and not what has been invoiced (P6) and came back when the charge was dropped. What
 * is used of a balance counts as used of that part first, in the reader's favour. Minor units; never more than `credit`. The reader's row is locked.
 */
export async function refundableOf(tx: Tx, patronId: string, credit: bigint): Promise<bigint> {
  await tx.flush();
  const account = `prepaid:${patronId}`;
  const [row] = await tx.execute<{ online: string; used: string }[]>(moved, [account]);
  const returned = await tx.execute<Returned[]>(returnedOf, [account, patronId]);
  const [back, unused] = [returned.map(boundOf), returned.map(unusedOf)].map((parts) =>
    parts.reduce((sum, part) => sum + part, 0n),
  );
  const bound = BigInt(row?.online ?? 0) + (back ?? 0n) - (BigInt(row?.used ?? 0) - (unused ?? 0n));
  const free = credit - (bound > 0n ? bound : 0n);
  return free > 0n ? free : 0n;
}

/** What came in online, less what was sent back the same way; and what was used, less what was given back. */
const moved = `
  select coalesce(-sum(posting.amount) filter (where payment.means = 'online'), 0)::text as online,
    coalesce(sum(posting.amount) filter (where payment.means = 'credit'), 0)::text as used
  from posting join journal on journal.id = posting.journal_id join payment on payment.id = journal.payment_id
  where posting.account = ?`;

/** What came back into the balance when a charge was taken back, and how the charge had been paid. */
interface Returned {
  readonly amount: string;
  readonly bound: string;
  readonly used: string;
}

const returnedOf = `
  select (-posting.amount)::text as amount, paid.bound::text, paid.used::text
  from posting join journal on journal.id = posting.journal_id
    join charge on charge.patron_id = journal.patron_id
      and (charge.journal_id = journal.reverses or exists (
        select from allocation where allocation.journal_id = journal.id and allocation.charge_id = charge.id))
    cross join lateral (
      select coalesce(sum(allocation.amount) filter (where means = 'online' or invoiced), 0) as bound,
        coalesce(sum(allocation.amount) filter (where means = 'credit' and not invoiced), 0) as used
      from (
        select allocation.amount, payment.means, exists (
          select from invoice_line where invoice_line.journal_id = coalesce(source.reverses, source.id) and invoice_line.charge_id = charge.id) as invoiced
        from allocation join journal source on source.id = allocation.journal_id join payment on payment.id = source.payment_id
        where allocation.charge_id = charge.id) allocation) paid
  where posting.account = ? and posting.amount < 0 and journal.payment_id is null and journal.patron_id = ?`;

const least = (one: bigint, other: bigint): bigint => (one < other ? one : other);

const boundOf = ({ amount, bound }: Returned): bigint => least(BigInt(amount), BigInt(bound));

/** What had been paid out of the balance is in it again. */
const unusedOf = (returned: Returned): bigint =>
  least(BigInt(returned.amount) - boundOf(returned), BigInt(returned.used));
