import { v7 as uuid } from 'uuid';
import { type Patron, PatronChange } from '../../db/entities/index.ts';
import { dataOf } from '../../db/patron-data.ts';
import type { Tx } from '../../db/transaction.ts';
import { changedFields, type PatronData, pick } from '../../domain/patron-data.ts';
import type { Actor } from '../../domain/roles.ts';

/**
 * Writes into the list of changes what another decision – an approval, a closing – has changed of a locked reader's data, with what stood there before (A6, A12).
 * Answers the change's id for the event of that decision; undefined when all of it was so already.
 */
export function noteChange(
  tx: Tx,
  patron: Patron,
  before: PatronData,
  { actor, at }: { readonly actor: Actor; readonly at: Date },
): string | undefined {
  const after = dataOf(patron);
  const fields = changedFields(before, after);
  if (fields.length === 0) return undefined;
  const { id: patronId, library } = patron;
  const { id } = tx.create(PatronChange, {
    id: uuid(),
    library,
    patronId,
    actor,
    wanted: { ...pick(after, fields) },
    submittedAt: at,
    before: { ...pick(before, fields) },
    fields,
    appliedAt: at,
  });
  return id;
}
