import { Temporal } from 'temporal-polyfill';
import { z } from 'zod';
import { closuresFrom } from '../../../db/queries/closures.ts';
import { type DeskItem, deskItem, deskLoan, readerByCard } from '../../../db/queries/desk.ts';
import { reader } from '../../../db/transaction.ts';
import { dueAt } from '../../../domain/loans.ts';
import type { Reason } from '../../../domain/refusal.ts';
import { answer } from '../../answer.ts';
import { deskLoanBody } from '../../bodies/desk.ts';
import type { StaffCaller } from '../../caller.ts';
import type { ApiDeps } from '../../deps.ts';
import { problem, refusal } from '../../problem.ts';
import type { Route } from '../../route.ts';
import { route } from '../../route.ts';
import { acceptedResponse } from '../../schemas/accepted.ts';
import { barcode, card, desk, deskLoan as loanBody } from '../../schemas/desk.ts';
import { id } from '../../schemas/values.ts';
import { createWords, type Words } from '../../words.ts';
import { branchOf } from './counter.ts';

/** Lending at the desk (L1, H9). */
export function checkOutRoutes(deps: ApiDeps): Route[] {
  const wordsFor = createWords(deps);

  const show = async (caller: StaffCaller, loanId: string, words: Words, now: number) => {
    const row = await deskLoan(deps.orm, caller.library, loanId);
    return row && deskLoanBody(row, words, now);
  };

  const find = async ({ library }: StaffCaller, wish: { card: string; barcode: string }) => {
    const [patron, item] = await Promise.all([
      readerByCard(deps.orm, library, wish.card),
      deskItem(deps.orm, library, wish.barcode),
    ]);
    const missing: Reason[] = [];
    if (!patron) missing.push({ code: 'patron-unknown' });
    if (!item) missing.push({ code: 'item-unknown' });
    if (!patron || !item) throw refusal(missing);
    return { patronId: patron.patronId, item };
  };

  /** What the check-out will most likely decide; shown to operators until it has. */
  const plannedDue = async (library: string, item: DeskItem, branch: string, now: number) => {
    const policy = deps.policies.get(library);
    const closures = await closuresFrom(reader(deps.orm), library, new Date(now));
    const from = Temporal.Instant.fromEpochMilliseconds(now);
    return dueAt({ policy, closures, branch, kind: item.kind, from }).epochMilliseconds;
  };

  return [
    route({
      method: 'post',
      path: '/v1/staff/check-outs',
      summary: 'Lend a copy to a reader',
      description:
        'Ends the reader’s hold of the title in the same step (H9). A refusal lists every reason. The same request again answers with the same loan.',
      access: ['desk'],
      idempotent: true,
      body: z.strictObject({
        card,
        barcode,
        branch: desk,
        use: z
          .enum(['inside', 'overridden'])
          .optional()
          .describe(
            'Of what another library lends for use in the library only: the reader uses it there (`inside`), or takes it out all the same, where the library allows that (`overridden`).',
          ),
      }),
      problems: [
        'patron-unknown',
        'item-unknown',
        'place-unknown',
        'patron-blocked',
        'patron-expired',
        'patron-closed',
        'item-on-loan',
        'item-on-loan-to-you',
        'item-kept-for-other',
        'item-lost',
        'item-missing',
        'item-withdrawn',
        'not-for-loan',
        'title-has-queue',
        'item-to-send-back',
        'item-inside-only',
        'loan-limit',
        'loan-limit-kind',
        'engine-unavailable',
      ],
      responses: {
        201: { description: 'Lent.', body: loanBody, headers: { Location: 'The loan.' } },
        202: acceptedResponse,
      },
    }).handle(async ({ caller, body, key, language, now }) => {
      const { library, actor } = caller;
      const words = wordsFor(library, language);
      const location = `/v1/staff/loans/${key.id}`;
      const lent = async () => {
        const found = await show(caller, key.id, words, now);
        return found && ({ status: 201, headers: { Location: location }, body: found } as const);
      };
      const before = key.repeated ? await lent() : undefined;
      if (before) return before;
      const branch = branchOf(words.policy, body.branch);
      const { patronId, item } = await find(caller, body);
      const due = await plannedDue(library, item, branch, now);
      const { use } = body;
      const about = { loanId: key.id, library, patronId, itemId: item.itemId, branch, actor };
      const wish = { ...about, ...(use && { use }) };
      return answer(deps.commands.checkOut(wish, due), location, async () => {
        const reply = await lent();
        if (!reply) throw new Error(`Loan ${key.id} was made and is not there.`);
        return reply;
      });
    }),
    route({
      method: 'get',
      path: '/v1/staff/loans/:id',
      summary: 'A loan',
      access: ['desk'],
      params: z.strictObject({ id }),
      problems: ['loan-unknown'],
      responses: { 200: { description: 'The loan.', body: loanBody } },
    }).handle(async ({ caller, params, language, now }) => {
      const found = await show(caller, params.id, wordsFor(caller.library, language), now);
      if (!found) throw problem('loan-unknown');
      return { status: 200, body: found };
    }),
  ];
}
