import type { MikroORM } from '@mikro-orm/postgresql';
import type { AskingPolicy } from '../../domain/supplier-facts.ts';
import type { RankedSupplier } from '../../domain/supplier-order.ts';
import { IllFormRow, IllRequest } from '../entities/index.ts';
import { reader } from '../transaction.ts';
import { epochMs, rowsOf, type Statement } from '../prepared.ts';
import { rankedSuppliers } from './suppliers.ts';

/** What became of asking a catalogue; `found` is null where it could not be asked. */
export interface LookupRow {
  readonly catalogue: string;
  readonly found: number | null;
  readonly error: string | null;
  readonly at: number;
}

const lookups: Statement = {
  name: 'ill_lookups',
  text: `select catalogue, found, error, ${epochMs('looked_at')} as at from ill_lookup where request_id = $1 order by looked_at, catalogue`,
};

/** Whom a request of the library can be asked of, as things are now, and what catalogues have said; undefined where there is no such request. */
export async function suppliersOf(
  orm: MikroORM,
  policy: AskingPolicy,
  requestId: string,
  at: Date,
): Promise<
  { readonly suppliers: readonly RankedSupplier[]; readonly lookups: readonly LookupRow[] } | undefined
> {
  const tx = reader(orm);
  const request = await tx.findOne(IllRequest, { id: requestId, library: policy.code });
  const form = request && (await tx.findOne(IllFormRow, { id: request.formId }));
  if (!request || !form) return undefined;
  return {
    suppliers: await rankedSuppliers(tx, policy, request, form, at),
    lookups: await rowsOf<LookupRow>(orm, lookups, [requestId]),
  };
}
