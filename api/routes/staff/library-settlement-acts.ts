import { z } from 'zod';
import { settlementById } from '../../../db/queries/ill-settlements.ts';
import { keepTheirStatement } from '../../../db/settlement-statements.ts';
import type { StatedLine } from '../../../domain/ill-settlement.ts';
import type { Language } from '../../../domain/languages.ts';
import { answer } from '../../answer.ts';
import { settlementBody } from '../../bodies/library-settlements.ts';
import type { StaffCaller } from '../../caller.ts';
import type { CommandOutcome } from '../../commands-port.ts';
import type { ApiDeps } from '../../deps.ts';
import { fileBody } from '../../files.ts';
import { problem } from '../../problem.ts';
import { keepRemark } from '../../remarks.ts';
import type { Route } from '../../route.ts';
import { route } from '../../route.ts';
import { acceptedResponse } from '../../schemas/accepted.ts';
import { librarySettlement, settlementBodies } from '../../schemas/library-settlements.ts';
import { id } from '../../schemas/values.ts';
import { readStatement } from '../../settlement-statement.ts';
import { createWords, type Words } from '../../words.ts';
import { settlementAccess, settlementFolder as folder, settlementFor } from './library-settlements.ts';

const params = z.strictObject({ id });
const settlement = { description: 'The settlement as it stands now.', body: librarySettlement };
const responses = { 200: settlement, 202: acceptedResponse } as const;
const problems = ['settlement-unknown', 'settlement-moved-on', 'engine-unavailable'] as const;

/** What a route about one settlement is called with. */
interface Acting {
  readonly caller: StaffCaller;
  readonly params: z.output<typeof params>;
  readonly language: Language;
}

interface Acted {
  readonly library: string;
  readonly settlementId: string;
  readonly actor: StaffCaller['actor'];
}

/** What staff do about settlements with other libraries (I17). */
export function librarySettlementActRoutes(deps: ApiDeps): Route[] {
  const { orm, commands } = deps;
  const wordsFor = createWords(deps);
  const shown = async (words: Words, settlementId: string) => {
    const row = await settlementById(orm, words.policy.code, settlementId);
    if (!row) throw problem('settlement-unknown');
    return { status: 200 as const, body: settlementBody(row, words) };
  };
  /** What is done with one of the library's settlements, and the settlement after it. */
  const act = async <T extends object>(
    { caller, params: given, language }: Acting,
    run: (about: Acted) => Promise<CommandOutcome<T>>,
  ) => {
    const { library, actor } = caller;
    await settlementFor(deps, library, given.id);
    const done = run({ library, settlementId: given.id, actor });
    return answer(done, `${folder}/${given.id}`, () => shown(wordsFor(library, language), given.id));
  };
  const keep = async (caller: StaffCaller, subject: string, text: string, now: number) => ({
    remarkId: await keepRemark(orm, caller, { subject, text, now }),
  });
  const base = { method: 'post', access: settlementAccess, idempotent: true } as const;

  return [
    route({
      ...base,
      path: folder,
      summary: 'Draw up settlements for a period that is over',
      description:
        'One for each library and currency with everything that was shipped until then and stands in no other. The policy may have them drawn up by themselves.',
      body: settlementBodies.draw,
      problems: ['settlement-period-open', 'engine-unavailable'],
      responses: {
        200: {
          description: 'Those that were drawn up.',
          body: z.strictObject({ items: z.array(librarySettlement) }),
        },
        202: acceptedResponse,
      },
    }).handle(async ({ caller, body: { until }, key, language }) => {
      const { library, actor } = caller;
      const words = wordsFor(library, language);
      const given = { library, actor, ...(until !== undefined && { until }) };
      return answer(
        commands.run('drawLibrarySettlements', given, key.id, { library }),
        folder,
        async (drawn) => {
          const rows = await Promise.all(
            drawn.settlementIds.map((each) => settlementById(orm, library, each)),
          );
          return {
            status: 200 as const,
            body: { items: rows.flatMap((row) => (row ? [settlementBody(row, words)] : [])) },
          };
        },
      );
    }),
    route({
      ...base,
      path: `${folder}/:id/sendings`,
      summary: 'Send the statement to the other library',
      description: 'By mail with the PDF, where the policy has an address; else it only counts as sent.',
      params,
      problems,
      responses,
    }).handle((call) =>
      act(call, (about) => commands.run('sendLibrarySettlement', about, call.key.id, about)),
    ),
    route({
      ...base,
      path: `${folder}/:id/confirmations`,
      summary: 'Confirm for one side',
      description: 'Refused while a line is disputed, or the two statements differ.',
      params,
      body: settlementBodies.confirm,
      problems: [...problems, 'settlement-differs'],
      responses,
    }).handle((call) =>
      act(call, (about) => {
        const wish = { ...about, side: call.body.side };
        return commands.run('confirmLibrarySettlement', wish, call.key.id, about);
      }),
    ),
    route({
      ...base,
      path: `${folder}/:id/disputes`,
      summary: 'Dispute a line',
      params,
      body: settlementBodies.dispute,
      problems: [...problems, 'settlement-line-unknown'],
      responses,
    }).handle((call) =>
      act(call, async (about) => {
        const { reason, ...wish } = call.body;
        const remark = await keep(call.caller, call.key.id, reason, call.now);
        return commands.run('disputeSettlementLine', { ...about, ...wish, ...remark }, call.key.id, about);
      }),
    ),
    route({
      ...base,
      path: `${folder}/:id/decisions`,
      summary: 'Decide on a line: keep it, leave it out, or correct it',
      description:
        'What is corrected is booked by the difference, and that stands in the same settlement. What is left out may stand in the next one. What was confirmed is confirmed no more.',
      params,
      body: settlementBodies.decide,
      problems: [...problems, 'settlement-line-unknown'],
      responses,
    }).handle((call) =>
      act(call, async (about) => {
        const { lineId, decision, reason } = call.body;
        const remark = await keep(call.caller, call.key.id, reason, call.now);
        const cost = 'amountMinor' in call.body ? { costMinor: call.body.amountMinor } : {};
        const wish = { ...about, lineId, decision, ...cost, ...remark };
        return commands.run('decideSettlementLine', wish, call.key.id, about);
      }),
    ),
    route({
      ...base,
      path: `${folder}/:id/payments`,
      summary: 'Note that a confirmed settlement is paid',
      access: ['cashier'],
      params,
      body: settlementBodies.pay,
      problems: [...problems, 'settlement-amount-differs'],
      responses,
    }).handle((call) =>
      act(call, (about) => {
        const { entryId } = call.body;
        const wish = { ...about, ...(entryId !== undefined && { entryId }) };
        return commands.run('payLibrarySettlement', wish, call.key.id, about);
      }),
    ),
    route({
      ...base,
      path: `${folder}/:id/withdrawal`,
      summary: 'Withdraw a settlement; its lines may stand in another one',
      params,
      problems,
      responses,
    }).handle((call) =>
      act(call, (about) => commands.run('withdrawLibrarySettlement', about, call.key.id, about)),
    ),
    ...statementRoutes(),
  ];

  async function handIn(
    caller: StaffCaller,
    settlementId: string,
    lines: readonly StatedLine[],
    words: Words,
  ) {
    const kept = await keepTheirStatement(orm, { library: caller.library, settlementId, lines });
    if (kept === 'unknown') throw problem('settlement-unknown');
    if (kept === 'over') throw problem('settlement-moved-on');
    return shown(words, settlementId);
  }

  function statementRoutes(): Route[] {
    const put = { method: 'put', access: settlementAccess, params, responses: { 200: settlement } } as const;
    return [
      route({
        ...put,
        path: `${folder}/:id/their-statement`,
        summary: 'Enter the other library’s statement',
        description: 'It takes the place of an earlier one, and is compared with ours line by line.',
        body: settlementBodies.theirs,
        problems: ['settlement-unknown', 'settlement-moved-on'],
      }).handle(async ({ caller, params: given, body, language }) => {
        const lines = body.lines.map(({ amountMinor, ...rest }) => ({
          ...rest,
          amount: BigInt(amountMinor),
        }));
        return handIn(caller, given.id, lines, wordsFor(caller.library, language));
      }),
      route({
        ...put,
        path: `${folder}/:id/their-statement.csv`,
        summary: 'Hand in the other library’s statement as a file',
        description:
          'CSV with the columns `side`, `reference`, `amount` and `currency`, as Carrel writes it.',
        file: { mediaTypes: ['text/csv', 'text/plain', 'application/octet-stream'], maxBytes: 2_000_000 },
        body: fileBody,
        problems: ['settlement-unknown', 'settlement-moved-on', 'settlement-file-unreadable'],
      }).handle(async ({ caller, params: given, body, language }) => {
        const { currency } = await settlementFor(deps, caller.library, given.id);
        const lines = readStatement(body.bytes, currency);
        if (!lines) throw problem('settlement-file-unreadable');
        return handIn(caller, given.id, lines, wordsFor(caller.library, language));
      }),
    ];
  }
}
