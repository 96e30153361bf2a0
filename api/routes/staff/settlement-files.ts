import { z } from 'zod';
import { keepSettlementFile, settlementFiles } from '../../../db/settlement-files.ts';
import { answer } from '../../answer.ts';
import type { ApiDeps } from '../../deps.ts';
import { fileBody } from '../../files.ts';
import { problem } from '../../problem.ts';
import type { Route } from '../../route.ts';
import { route } from '../../route.ts';
import { acceptedResponse } from '../../schemas/accepted.ts';
import { id, instant, iso, line } from '../../schemas/values.ts';

const path = '/v1/staff/settlement-files';
const maxBytes = 10_000_000;
const count = z.int().min(0);

const imported = z
  .strictObject({
    id,
    lines: count,
    added: count.describe('Lines that no file had before; only they are booked.'),
  })
  .meta({ id: 'SettlementFileImported' });

const kept = z
  .strictObject({
    id,
    provider: z.string(),
    receivedAt: instant,
    importedAt: instant.nullable().describe('Null: it could not be read.'),
    lines: count.nullable(),
    added: count.nullable(),
  })
  .meta({ id: 'SettlementFile' });

/** What gateways say of what they took, kept and paid out (P9). */
export function settlementFileRoutes(deps: ApiDeps): Route[] {
  return [
    route({
      method: 'post',
      path,
      summary: 'Hand in a gateway’s settlement file',
      description:
        'CSV as the gateway offers it: Stripe’s itemised reports of balance and of payouts. Taken in wholly or not at all; the same lines again book nothing.',
      access: ['cashier', 'administrator'],
      idempotent: true,
      query: z.strictObject({ provider: line(60).describe('The gateway’s code in the policy.') }),
      file: { mediaTypes: ['text/csv', 'text/plain', 'application/octet-stream'], maxBytes },
      body: fileBody,
      problems: ['gateway-unknown', 'settlement-file-unreadable', 'engine-unavailable'],
      responses: { 200: { description: 'Taken in.', body: imported }, 202: acceptedResponse },
    }).handle(async ({ caller, query: { provider }, body, key, now }) => {
      const { library, actor } = caller;
      const offered = deps.policies.get(library).money.ways.online;
      if (!offered.some(({ code }) => code === provider)) throw problem('gateway-unknown');
      const hash = Buffer.from(body.hash, 'base64url').toString('hex');
      const given = { id: key.id, library, provider, hash, content: body.bytes, actor, at: new Date(now) };
      const fileId = await keepSettlementFile(deps.orm, given);
      const done = deps.commands.run('importSettlement', { library, fileId, actor }, key.id, { library });
      return answer(done, path, ({ lines, added }) => ({
        status: 200 as const,
        body: { id: fileId, lines, added },
      }));
    }),
    route({
      method: 'get',
      path,
      summary: 'Settlement files, the latest first',
      access: ['cashier', 'administrator'],
      responses: { 200: { description: 'At most 200.', body: z.strictObject({ items: z.array(kept) }) } },
    }).handle(async ({ caller: { library } }) => {
      const items = (await settlementFiles(deps.orm, library)).map(({ receivedAt, importedAt, ...row }) => ({
        ...row,
        receivedAt: iso(receivedAt),
        importedAt: importedAt === null ? null : iso(importedAt),
      }));
      return { status: 200, body: { items } };
    }),
  ];
}
