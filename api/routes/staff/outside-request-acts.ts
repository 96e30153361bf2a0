import { Temporal } from 'temporal-polyfill';
import { v5 } from 'uuid';
import { z } from 'zod';
import { deskItem } from '../../../db/queries/desk.ts';
import type { LibraryPolicy } from '../../../domain/policy.ts';
import { startOfDay } from '../../../domain/months.ts';
import { instantAt } from '../../../domain/windows.ts';
import type { SupplyWish } from '../../../workflows/supply.ts';
import { answer } from '../../answer.ts';
import type { StaffCaller } from '../../caller.ts';
import type { ApiDeps } from '../../deps.ts';
import type { ProblemCode } from '../../problem-codes.ts';
import { problem } from '../../problem.ts';
import { keepIfAny, keepRemark } from '../../remarks.ts';
import type { Route } from '../../route.ts';
import { route } from '../../route.ts';
import { acceptedResponse } from '../../schemas/accepted.ts';
import { outsideRequestDetail, supplyActs } from '../../schemas/outside-requests.ts';
import { id } from '../../schemas/values.ts';
import { createWords } from '../../words.ts';
import { branchOf } from './counter.ts';
import { createOutsideRequests } from './outside-requests.ts';

type ActName = keyof typeof supplyActs;
type ActBody<N extends ActName> = z.output<(typeof supplyActs)[N]>;
type Bare<W> = W extends unknown ? Omit<W, 'actor' | 'remarkId'> : never;
type Act = Bare<SupplyWish>;

interface Context {
  readonly deps: ApiDeps;
  readonly caller: StaffCaller;
  readonly policy: LibraryPolicy;
  /** The request's own id, for what is kept with it. */
  readonly key: string;
  readonly now: number;
}

interface ActRoute<N extends ActName> {
  readonly path: string;
  readonly summary: string;
  readonly description?: string;
  readonly problems?: readonly ProblemCode[];
  readonly wish: (body: ActBody<N>, context: Context) => Act | Promise<Act>;
}

/** The name space of ids of addresses that are kept as remarks; it must never change. */
const nameSpace = 'b3a4e6d2-58e3-5f0c-9a51-6f7f2f0d9c11';

/** The end of a day in the library's zone; epoch milliseconds. */
const until = ({ policy }: Context, day: string): number =>
  instantAt(policy, Temporal.PlainDate.from(day), '24:00').epochMilliseconds;

async function shipWish(body: ActBody<'ship'>, context: Context): Promise<Act> {
  const { deps, caller, key, now } = context;
  const { barcode, dueOn, url, item, as, costMinor, documentId, byPost } = body;
  const copy = barcode === undefined ? undefined : await deskItem(deps.orm, caller.library, barcode);
  if (barcode !== undefined && !copy) throw problem('item-unknown');
  const subject = v5(key, nameSpace);
  return {
    act: 'ship',
    ...(as !== undefined && { as }),
    ...(costMinor !== undefined && { costMinor }),
    ...(documentId !== undefined && { documentId }),
    ...(byPost && { byPost }),
    ...(copy?.itemId && { itemId: copy.itemId }),
    ...(item !== undefined && { itemNote: item }),
    ...(dueOn !== undefined && { dueAt: until(context, dueOn) }),
    ...(url !== undefined && { addressId: await keepRemark(deps.orm, caller, { subject, text: url, now }) }),
  };
}

const asLetter = { yes: 'Y', no: 'N' } as const;

const routes: { readonly [N in ActName]: ActRoute<N> } = {
  promise: {
    path: 'promise',
    summary: 'Promise to supply it',
    wish: ({ expect }) => ({ act: 'promise', ...(expect !== undefined && { expect }) }),
  },
  ask: {
    path: 'condition',
    summary: 'Promise it on a condition',
    description: 'The requesting library accepts the condition, or cancels.',
    wish: ({ condition }) => ({ act: 'ask', condition }),
  },
  unfilled: {
    path: 'unfilled',
    summary: 'Say that it cannot be supplied, and why',
    wish: ({ reason }) => ({ act: 'unfilled', reason }),
  },
  retry: {
    path: 'retry',
    summary: 'Say how it could be supplied if it were asked for again',
    description: 'Later, for another price, on a condition. It ends this request; the next one is another.',
    wish: ({ reason, offeredMinor, condition, after, before }, context) => ({
      act: 'retry',
      reason,
      ...(offeredMinor !== undefined && { offeredMinor }),
      ...(condition !== undefined && { condition }),
      ...(after !== undefined && { after: startOfDay(context.policy, after).epochMilliseconds }),
      ...(before !== undefined && { before: until(context, before) }),
    }),
  },
  ship: {
    path: 'shipment',
    summary: 'Ship it (运送)',
    description:
      'With the total cost and, of a loan, its due date. A copy of our own catalogue that is named by its barcode counts as away until it is checked in again.',
    problems: [
      'item-unknown',
      'item-on-loan',
      'item-kept-for-other',
      'item-lent-out',
      'item-lost',
      'item-missing',
      'item-withdrawn',
      'not-for-loan',
      'title-has-queue',
      'shipment-unnamed',
      'supply-document-unknown',
      'supply-due-past',
      'supply-service',
    ],
    wish: shipWish,
  },
  recall: { path: 'recall', summary: 'Recall it', wish: () => ({ act: 'recall' }) },
  overdue: {
    path: 'overdue',
    summary: 'Tell the requesting library that it is overdue',
    description: 'This happens by itself some days after the due date, as the policy says.',
    problems: ['supply-not-due'],
    wish: () => ({ act: 'overdue' }),
  },
  renewal: {
    path: 'renewal-answer',
    summary: 'Answer whether it is renewed',
    problems: ['supply-not-asked', 'supply-due-earlier'],
    wish: ({ answer: said, dueOn }, context) => ({
      act: 'answer-renewal',
      answer: asLetter[said],
      ...(dueOn !== undefined && { dueAt: until(context, dueOn) }),
    }),
  },
  cancellation: {
    path: 'cancellation-answer',
    summary: 'Answer whether it is cancelled',
    problems: ['supply-not-asked'],
    wish: ({ answer: said }) => ({ act: 'answer-cancel', answer: asLetter[said] }),
  },
  return: {
    path: 'return',
    summary: 'Record that it is back',
    description: 'A copy of our own catalogue can be checked in like any other instead.',
    problems: ['place-unknown'],
    wish: ({ desk }, { policy }) => ({ act: 'receive-back', branch: branchOf(policy, desk) }),
  },
  lost: {
    path: 'loss',
    summary: 'Record that it will not come back',
    wish: ({ costMinor }) => ({ act: 'lost', ...(costMinor !== undefined && { costMinor }) }),
  },
  notes: {
    path: 'notes',
    summary: 'Write to the requesting library',
    wish: () => ({ act: 'notify' }),
  },
};

/** What staff do with requests of other libraries (I8, I13). Of two at once one is told that the other was quicker. */
export function outsideRequestActRoutes(deps: ApiDeps): Route[] {
  const wordsFor = createWords(deps);
  const { find, show } = createOutsideRequests(deps);

  const actRoute = <N extends ActName>(
    name: N,
    { path, summary, description, problems = [], wish }: ActRoute<N>,
  ) =>
    route({
      method: 'post',
      path: `/v1/staff/outside-requests/:id/${path}`,
      summary,
      ...(description !== undefined && { description }),
      access: ['ill-librarian'],
      idempotent: true,
      params: z.strictObject({ id }),
      body: supplyActs[name] as unknown as z.ZodType<ActBody<N>>,
      problems: [
        'supply-unknown',
        'supply-ended',
        'supply-moved-on',
        'supply-forwarded',
        ...problems,
        'engine-unavailable',
      ],
      responses: {
        200: { description: 'As it stands now.', body: outsideRequestDetail },
        202: acceptedResponse,
      },
    }).handle(async ({ caller, params, body, key, language, now }) => {
      await find(caller, params.id);
      const words = wordsFor(caller.library, language);
      const context = { deps, caller, policy: words.policy, key: key.id, now };
      const given = await wish(body, context);
      const { note: text } = body as { readonly note?: string };
      const kept = await keepIfAny(deps.orm, caller, { subject: key.id, text, now });
      const done = deps.commands.actOnSupply(params.id, { ...given, actor: caller.actor, ...kept }, key.id);
      return answer(done, `/v1/staff/outside-requests/${params.id}`, async () => ({
        status: 200 as const,
        body: await show(caller, params.id, words, now),
      }));
    });

  return (Object.keys(routes) as ActName[]).map((name) => actRoute(name, routes[name] as ActRoute<ActName>));
}
