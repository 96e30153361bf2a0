import { asJson, givenRows } from './bulk.ts';
import type { Tx } from './transaction.ts';

const columns = {
  id: 'uuid',
  library: 'text',
  kind: 'text',
  year: 'int',
  patron_id: 'uuid',
  payment_id: 'uuid',
  journal_id: 'uuid',
  language: 'text',
  currency: 'text',
  amount: 'bigint',
  content: 'jsonb',
  actor: 'text',
  issued_at: 'timestamptz',
};

const { names, given } = givenRows(columns);

const ofCounter = 'library, kind, year';

/** One update of a counter gives all of its documents their numbers, in the order of their ids. */
const issue = `
  with given as (
    select ${names}, row_number() over (partition by ${ofCounter} order by id) as place, count(*) over (partition by ${ofCounter}) as total from ${given}
  ), counted as (
    insert into document_counter as counter (${ofCounter}, last)
      select ${ofCounter}, count(*) from given group by ${ofCounter} order by ${ofCounter}
      on conflict (${ofCounter}) do update set last = counter.last + excluded.last
      returning ${ofCounter}, last
  )
  insert into money_document (number, ${names}) select last - total + place, ${names} from given join counted using (${ofCounter})`;

/** Issues many receipts and settlement slips with their numbers, which follow one another without gaps (P3). Counters come last in the order of locks: no other is taken after. */
export async function issueDocuments(tx: Tx, documents: readonly Record<string, unknown>[]): Promise<void> {
  if (documents.length > 0) await tx.execute(issue, [asJson(columns, documents)]);
}
