import { z } from 'zod';
import { chargeFileOf, chargeOfWaiver } from '../../../db/queries/charge-file.ts';
import { deskItem } from '../../../db/queries/desk.ts';
import { patronFile } from '../../../db/queries/patrons.ts';
import { staffCauses, waiverReasons } from '../../../domain/causes.ts';
import { answer } from '../../answer.ts';
import { chargeFileBody } from '../../bodies/charge-file.ts';
import type { StaffCaller } from '../../caller.ts';
import type { ApiDeps } from '../../deps.ts';
import { problem } from '../../problem.ts';
import { keepIfAny, keepRemark } from '../../remarks.ts';
import type { Route } from '../../route.ts';
import { route } from '../../route.ts';
import { acceptedResponse } from '../../schemas/accepted.ts';
import { chargeFile } from '../../schemas/charges.ts';
import { barcode, remark } from '../../schemas/desk.ts';
import { id } from '../../schemas/values.ts';
import { createWords } from '../../words.ts';

const params = z.strictObject({ id });
const amountMinor = z.int().min(1).max(1_000_000_000).describe('In minor units of the library’s currency.');

/** What the cashier charges, takes back, waives and decides on what readers dispute (P1, P7, P10, A13). */
export function chargeDecisionRoutes(deps: ApiDeps): Route[] {
  const wordsFor = createWords(deps);
  const find = async (library: string, chargeId: string) => {
    const found = await chargeFileOf(deps.orm, library, chargeId);
    if (!found) throw problem('charge-unknown');
    return found;
  };
  const itemOf = async (library: string, code: string | undefined) => {
    if (code === undefined) return {};
    const item = await deskItem(deps.orm, library, code);
    if (!item) throw problem('item-unknown');
    return { itemId: item.itemId };
  };
  const locationOf = (chargeId: string) => `/v1/staff/charges/${chargeId}`;
  const fileOf = async (caller: StaffCaller, chargeId: string, language: Parameters<typeof wordsFor>[1]) =>
    chargeFileBody(await find(caller.library, chargeId), wordsFor(caller.library, language));
  const shown = async (...asked: Parameters<typeof fileOf>) => ({
    status: 200 as const,
    body: await fileOf(...asked),
  });
  const base = { method: 'post', access: ['cashier'], idempotent: true, params } as const;
  const done = { description: 'The fee as it stands now.', body: chargeFile };

  return [
    route({
      method: 'get',
      path: '/v1/staff/charges/:id',
      summary: 'A fee, what was paid and waived of it, and what its reader says about it',
      access: ['cashier'],
      params,
      problems: ['charge-unknown'],
      responses: { 200: { description: 'The fee.', body: chargeFile } },
    }).handle(async ({ caller, params: { id: chargeId }, language }) => ({
      status: 200,
      body: await fileOf(caller, chargeId, language),
    })),
    route({
      ...base,
      path: '/v1/staff/patrons/:id/charges',
      summary: 'Charge a reader',
      description:
        'At the price of the library’s schedule for the reader’s group, or at an amount of staff’s own up to the schedule’s limit.',
      body: z.strictObject({
        cause: z.enum(staffCauses),
        amountMinor: amountMinor.optional(),
        barcode: barcode.optional().describe('The copy it is for.'),
        note: remark.describe('What for; the reader sees it.'),
      }),
      problems: [
        'patron-unknown',
        'patron-closed',
        'item-unknown',
        'fee-unknown',
        'fee-without-price',
        'fee-above-limit',
        'fee-capped',
        'engine-unavailable',
      ],
      responses: { 201: { ...done, description: 'Charged.' }, 202: acceptedResponse },
    }).handle(async ({ caller, params: { id: patronId }, body, key, language, now }) => {
      const { library, actor } = caller;
      if (!(await patronFile(deps.orm, library, patronId))) throw problem('patron-unknown');
      const { cause, amountMinor: own } = body;
      const item = await itemOf(library, body.barcode);
      const remarkId = await keepRemark(deps.orm, caller, { subject: key.id, text: body.note, now });
      const amount = own === undefined ? {} : { amountMinor: own };
      const given = { patronId, requestId: key.id, cause, ...amount, ...item, remarkId, actor };
      const raised = deps.commands.run('raiseCharge', given, key.id, { library, patronId });
      return answer(raised, `/v1/staff/patrons/${patronId}/charges`, async ({ chargeId }) => ({
        status: 201 as const,
        body: await fileOf(caller, chargeId, language),
      }));
    }),
    route({
      ...base,
      path: '/v1/staff/charges/:id/waivers',
      summary: 'Waive a fee, wholly or in part',
      description:
        'A booking of its own. Never more than is open, and not while a payment for it is under way; a disputed fee is decided on instead.',
      body: z.strictObject({
        amountMinor: amountMinor.optional().describe('Absent: all that is open.'),
        reason: z.enum(waiverReasons),
        note: remark.optional(),
      }),
      problems: [
        'charge-unknown',
        'charge-settled',
        'charge-in-payment',
        'charge-disputed',
        'waiver-exceeds-charge',
        'engine-unavailable',
      ],
      responses: { 200: done, 202: acceptedResponse },
    }).handle(async ({ caller, params: { id: chargeId }, body, key, language, now }) => {
      const { library, actor } = caller;
      const { patronId } = await find(library, chargeId);
      const { note, ...wish } = body;
      const kept = await keepIfAny(deps.orm, caller, { subject: key.id, text: note, now });
      const { amountMinor: part, reason } = wish;
      const amount = part === undefined ? {} : { amountMinor: part };
      const given = { chargeId, library, waiverId: key.id, reason, ...amount, ...kept, actor };
      const waived = deps.commands.run('waiveCharge', given, key.id, { library, patronId });
      return answer(waived, locationOf(chargeId), () => shown(caller, chargeId, language));
    }),
    route({
      ...base,
      path: '/v1/staff/waivers/:id/reversal',
      summary: 'Take back a waiver that was a mistake',
      description: 'The fee is open again; the waiver stays on record.',
      body: z.strictObject({ reason: remark.describe('Why; kept with the booking.') }),
      problems: [
        'waiver-unknown',
        'waiver-reversed',
        'charge-dropped',
        'charge-in-payment',
        'payment-followed',
        'membership-of-sub-card',
        'patron-closed',
        'engine-unavailable',
      ],
      responses: { 200: done, 202: acceptedResponse },
    }).handle(async ({ caller, params: { id: waiverId }, body, key, language, now }) => {
      const { library, actor } = caller;
      const charge = await chargeOfWaiver(deps.orm, library, waiverId);
      if (!charge) throw problem('waiver-unknown');
      const { id: chargeId, patronId } = charge;
      const remarkId = await keepRemark(deps.orm, caller, { subject: key.id, text: body.reason, now });
      const given = { waiverId, library, remarkId, actor };
      const reversed = deps.commands.run('reverseWaiver', given, key.id, { library, patronId });
      return answer(reversed, locationOf(chargeId), () => shown(caller, chargeId, language));
    }),
    route({
      ...base,
      path: '/v1/staff/charges/:id/reversal',
      summary: 'Take back a fee that was a mistake',
      description:
        'Open or paid. What was paid of it becomes the reader’s balance; what a paid usage fee has extended is taken back. Not after an invoice, and not while the reader disputes it or a payment for it is under way.',
      body: z.strictObject({ reason: remark.describe('Why; kept with the booking.') }),
      problems: [
        'charge-unknown',
        'charge-dropped',
        'charge-invoiced',
        'charge-disputed',
        'charge-in-payment',
        'payment-followed',
        'membership-of-sub-card',
        'engine-unavailable',
      ],
      responses: { 200: done, 202: acceptedResponse },
    }).handle(async ({ caller, params: { id: chargeId }, body, key, language, now }) => {
      const { library, actor } = caller;
      const { patronId } = await find(library, chargeId);
      const remarkId = await keepRemark(deps.orm, caller, { subject: key.id, text: body.reason, now });
      const given = { chargeId, library, remarkId, actor };
      const taken = deps.commands.run('takeBackCharge', given, key.id, { library, patronId });
      return answer(taken, locationOf(chargeId), () => shown(caller, chargeId, language));
    }),
    route({
      ...base,
      path: '/v1/staff/charges/:id/dispute/decision',
      summary: 'Decide on what a reader disputes',
      description:
        'Upheld, the fee is waived, wholly or in part; rejected, it is due again. The reader is mailed what was decided and what staff wrote (P7).',
      body: z.strictObject({
        decision: z.enum(['uphold', 'reject']),
        amountMinor: amountMinor.optional().describe('What is waived when it is upheld; absent: all of it.'),
        note: remark.describe('Why; the reader is told.'),
      }),
      problems: [
        'charge-unknown',
        'dispute-unknown',
        'dispute-decided',
        'waiver-exceeds-charge',
        'engine-unavailable',
      ],
      responses: { 200: done, 202: acceptedResponse },
    }).handle(async ({ caller, params: { id: chargeId }, body, key, language, now }) => {
      const { library, actor } = caller;
      const { patronId } = await find(library, chargeId);
      const remarkId = await keepRemark(deps.orm, caller, { subject: key.id, text: body.note, now });
      const { decision, amountMinor: part } = body;
      const amount = part === undefined ? {} : { amountMinor: part };
      const given = { chargeId, library, decision, ...amount, waiverId: key.id, remarkId, actor };
      const decided = deps.commands.run('decideDispute', given, key.id, { library, patronId });
      return answer(decided, locationOf(chargeId), () => shown(caller, chargeId, language));
    }),
  ];
}
