import type { HoldingFound } from '../../domain/supplier-facts.ts';
import type { Tx } from '../transaction.ts';

const most = 500;

const byKeys = `
  select peer, keys, call_number as "callNumber", record_id as "recordId", coverage, lendable, copyable
  from ill_holding where library = ? and keys && (select array(select jsonb_array_elements_text(?::jsonb)))
  order by stated_at desc, id limit ${most}`;

/** Everything that peers of a library have under one of the keys, what was stated last first. */
export async function findHoldings(
  tx: Tx,
  library: string,
  keys: readonly string[],
): Promise<readonly HoldingFound[]> {
  if (keys.length === 0) return [];
  return tx.execute<HoldingFound[]>(byKeys, [library, JSON.stringify(keys)]);
}
