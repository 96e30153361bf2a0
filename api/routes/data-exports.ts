import { z } from 'zod';
import { DataExport, Patron } from '../../db/entities/index.ts';
import { personalDataOf } from '../../db/queries/data-export.ts';
import { inTransaction, reader } from '../../db/transaction.ts';
import { recordAccess } from '../auth/credentials.ts';
import type { Caller } from '../caller.ts';
import type { ApiDeps } from '../deps.ts';
import { problem } from '../problem.ts';
import type { Route } from '../route.ts';
import { route } from '../route.ts';
import { id, instant, iso } from '../schemas/values.ts';

const row = z.record(z.string(), z.unknown());

const dataExport = z
  .strictObject({
    id,
    at: instant,
    library: z.strictObject({ code: z.string(), name: z.string(), phone: z.string(), website: z.string() }),
    data: z
      .record(z.string(), z.array(row))
      .describe('Rows by table; amounts are minor units, instants UTC.'),
    incomplete: z.array(z.string()).describe('Tables that are too long to hand out whole; as a rule none.'),
  })
  .meta({ id: 'DataExport', description: 'Everything held about a reader, but for hashes of secrets.' });

const responses = {
  201: {
    description: 'The data.',
    body: dataExport,
    headers: { 'Content-Disposition': 'A name for the file.' },
  },
};

/** A copy of everything held about a reader, for themselves and by an administrator (A12); that it was handed out is on record. */
export function dataExportRoutes(deps: ApiDeps): Route[] {
  const hand = async (patron: Patron, { actor }: Caller, exportId: string, now: number) => {
    const { library } = patron;
    const { code, name, phone, website } = deps.policies.get(library);
    const at = new Date(now);
    await inTransaction(deps.orm, async (tx) => {
      if (await tx.findOne(DataExport, { id: exportId })) return;
      tx.create(DataExport, { id: exportId, library, patronId: patron.id, actor, at });
      recordAccess(tx, patron, 'data-exported', actor, now);
    });
    const held = await personalDataOf(deps.orm, patron.id);
    return {
      status: 201 as const,
      headers: { 'Content-Disposition': 'attachment; filename="personal-data.json"' },
      body: {
        id: exportId,
        at: iso(now),
        library: { code, name: name[patron.language], phone, website },
        data: held.data as Record<string, Record<string, unknown>[]>,
        incomplete: [...held.incomplete],
      },
    };
  };

  return [
    route({
      method: 'post',
      path: '/v1/me/data-exports',
      summary: 'Everything the library holds about me',
      access: 'patron',
      idempotent: true,
      responses,
    }).handle(async ({ caller, key, now }) => {
      const patron = await reader(deps.orm).findOneOrFail(Patron, { id: caller.id });
      return hand(patron, caller, key.id, now);
    }),
    route({
      method: 'post',
      path: '/v1/staff/patrons/:id/data-exports',
      summary: 'Everything held about a reader, to be handed to them',
      access: ['administrator'],
      idempotent: true,
      params: z.strictObject({ id }),
      problems: ['patron-unknown'],
      responses,
    }).handle(async ({ caller, params: { id: patronId }, key, now }) => {
      const { library } = caller;
      const patron = await reader(deps.orm).findOne(Patron, { id: patronId, library, erasedAt: null });
      if (!patron) throw problem('patron-unknown');
      return hand(patron, caller, key.id, now);
    }),
  ];
}
