import { z } from 'zod';
import { entryDecision } from '../../../db/queries/entries.ts';
import { bankEntries } from '../../../db/queries/statements.ts';
import { answer } from '../../answer.ts';
import { entryFileBody } from '../../bodies/entries.ts';
import type { ApiDeps } from '../../deps.ts';
import { problem } from '../../problem.ts';
import type { ProblemCode } from '../../problem-codes.ts';
import { keepRemark } from '../../remarks.ts';
import type { Route } from '../../route.ts';
import { route } from '../../route.ts';
import { acceptedResponse } from '../../schemas/accepted.ts';
import { remark } from '../../schemas/desk.ts';
import { entryFile } from '../../schemas/entries.ts';
import { id } from '../../schemas/values.ts';
import { createWords } from '../../words.ts';

const params = z.strictObject({ id });
const path = '/v1/staff/bank-entries/:id';
const minor = z.int().min(1).max(1_000_000_000_000).describe('Minor units of the entry’s currency.');

const parts = z
  .array(
    z.union([
      z.strictObject({ paymentId: id, amountMinor: minor }),
      z.strictObject({ patronId: id, amountMinor: minor }).describe('Becomes the reader’s credit.'),
      z
        .strictObject({ carriedIds: z.array(id).min(1).max(100), amountMinor: minor })
        .describe(
          'The library’s own cash, carried to the bank or fetched there: `GET /v1/staff/carried-cash`.',
        ),
    ]),
  )
  .min(1)
  .max(50);

type Parts = z.output<typeof parts>;

const partsOf = (given: Parts) =>
  given.map((part) => {
    if ('paymentId' in part) return { ...part, to: 'payment' as const };
    return 'patronId' in part ? { ...part, to: 'credit' as const } : { ...part, to: 'cash' as const };
  });

const overtaken: readonly ProblemCode[] = ['entry-unknown', 'entry-decided', 'engine-unavailable'];
const notTakenBack = [
  'payment-unknown',
  'payment-reversed',
  'payment-not-settled',
  'payment-invoiced',
  'payment-of-dropped-charge',
  'payment-followed',
  'membership-of-sub-card',
  'credit-used',
  'patron-closed',
] as const;

const undoing = ['entry-unknown', 'entry-waiting', 'entry-not-undoable', 'engine-unavailable'] as const;

const reason = remark.describe('Why; kept with the booking.');

/** What staff decide on entries of bank statements (P9). */
export function bankEntryRoutes(deps: ApiDeps): Route[] {
  const wordsFor = createWords(deps);

  const fileOf = async (library: string, entryId: string, words: ReturnType<typeof wordsFor>) => {
    const [[entry], row] = await Promise.all([
      bankEntries(deps.orm, { library, id: entryId, limit: 1 }),
      entryDecision(deps.orm, library, entryId),
    ]);
    if (!entry || !row) throw problem('entry-unknown');
    return entryFileBody(entry, row, words);
  };

  const find = async (library: string, entryId: string) => {
    if (!(await entryDecision(deps.orm, library, entryId))) throw problem('entry-unknown');
  };

  const base = { method: 'post', access: ['cashier'], idempotent: true, params } as const;
  const decided = {
    responses: {
      200: { description: 'The entry as it stands now.', body: entryFile },
      202: acceptedResponse,
    },
  };
  const location = (entryId: string) => `/v1/staff/bank-entries/${entryId}`;

  return [
    route({
      method: 'get',
      path,
      summary: 'An entry of a bank account: what became of it, and what it may be',
      description:
        'Each suggestion says why. `GET /v1/staff/bank-entries?state=suspended` lists those that wait.',
      access: ['cashier'],
      params,
      problems: ['entry-unknown'],
      responses: { 200: { description: 'The entry.', body: entryFile } },
    }).handle(async ({ caller: { library }, params: { id: entryId }, language }) => ({
      status: 200,
      body: await fileOf(library, entryId, wordsFor(library, language)),
    })),
    route({
      ...base,
      ...decided,
      path: `${path}/acceptance`,
      summary: 'Accept a suggestion',
      body: z.strictObject({ suggestion: id }),
      problems: [
        ...overtaken,
        ...notTakenBack,
        'suggestion-outdated',
        'parts-exceed-entry',
        'entry-currency',
      ],
    }).handle(async ({ caller: { library, actor }, params: { id: entryId }, body, key, language }) => {
      await find(library, entryId);
      const given = { entryId, library, actor, suggestionId: body.suggestion };
      const accepted = deps.commands.run('acceptSuggestion', given, key.id, { library });
      return answer(accepted, location(entryId), async () => ({
        status: 200 as const,
        body: await fileOf(library, entryId, wordsFor(library, language)),
      }));
    }),
    route({
      ...base,
      ...decided,
      path: `${path}/assignment`,
      summary: 'Share an entry’s money out to payments and readers, or say which cash it is',
      description:
        'All parts or none. What is left over waits on; what banks have kept may be missing, within the policy’s limits. Of the library’s own cash the bank’s count may differ within them, and is booked as a difference.',
      body: z.strictObject({ parts }),
      problems: [
        ...overtaken,
        'payment-unknown',
        'patron-unknown',
        'cash-unknown',
        'cash-differs',
        'suggestion-outdated',
        'parts-exceed-entry',
        'entry-currency',
        'entry-outgoing',
      ],
    }).handle(async ({ caller: { library, actor }, params: { id: entryId }, body, key, language }) => {
      await find(library, entryId);
      const given = { entryId, library, actor, parts: partsOf(body.parts) };
      const assigned = deps.commands.run('assignEntry', given, key.id, { library });
      return answer(assigned, location(entryId), async () => ({
        status: 200 as const,
        body: await fileOf(library, entryId, wordsFor(library, language)),
      }));
    }),
    route({
      ...base,
      ...decided,
      path: `${path}/return`,
      summary: 'Send money of an entry back',
      description:
        'What waits, or – of an entry that is booked already – what has become its reader’s credit and is still there. A task to make the transfer; the bank’s entry of it closes the task.',
      body: z.strictObject({ amountMinor: minor.optional(), reason }),
      problems: [
        'entry-unknown',
        'entry-outgoing',
        'return-waiting',
        'return-exceeds-entry',
        'engine-unavailable',
      ],
    }).handle(async ({ caller, params: { id: entryId }, body, key, language, now }) => {
      const { library, actor } = caller;
      await find(library, entryId);
      const remarkId = await keepRemark(deps.orm, caller, { subject: key.id, text: body.reason, now });
      const { amountMinor } = body;
      const given = { entryId, library, actor, remarkId, ...(amountMinor !== undefined && { amountMinor }) };
      const sent = deps.commands.run('sendEntryBack', given, key.id, { library });
      return answer(sent, location(entryId), async () => ({
        status: 200 as const,
        body: await fileOf(library, entryId, wordsFor(library, language)),
      }));
    }),
    ...(
      [
        ['dismissal', 'ignoreEntry', 'Say that an entry is none of the readers’ money', overtaken],
        ['undoing', 'undoEntry', 'Undo what was decided on an entry', [...notTakenBack, ...undoing]],
      ] as const
    ).map(([name, command, summary, problems]) =>
      route({
        ...base,
        ...decided,
        path: `${path}/${name}`,
        summary,
        body: z.strictObject({ reason }),
        problems,
      }).handle(async ({ caller, params: { id: entryId }, body, key, language, now }) => {
        const { library, actor } = caller;
        await find(library, entryId);
        const remarkId = await keepRemark(deps.orm, caller, { subject: key.id, text: body.reason, now });
        const done = deps.commands.run(command, { entryId, library, actor, remarkId }, key.id, { library });
        return answer(done, location(entryId), async () => ({
          status: 200 as const,
          body: await fileOf(library, entryId, wordsFor(library, language)),
        }));
      }),
    ),
  ];
}
