import { Temporal } from 'temporal-polyfill';
import { z } from 'zod';
import type { DeliveryAct } from '../../../activities/ill/delivery-steps.ts';
import type { LibraryPolicy } from '../../../domain/policy.ts';
import { instantAt } from '../../../domain/windows.ts';
import { answer } from '../../answer.ts';
import { askRequest } from '../../ask-request.ts';
import type { ApiDeps } from '../../deps.ts';
import { createLibrarysRequests } from '../../librarys-requests.ts';
import type { ProblemCode } from '../../problem-codes.ts';
import { keepIfAny } from '../../remarks.ts';
import type { Route } from '../../route.ts';
import { route } from '../../route.ts';
import { acceptedResponse } from '../../schemas/accepted.ts';
import { type DeliveryActBody, type DeliveryActName, deliveryActs } from '../../schemas/delivery.ts';
import { libraryRequestDetail } from '../../schemas/staff-requests.ts';
import { id } from '../../schemas/values.ts';
import { createWords } from '../../words.ts';
import { branchOf } from './counter.ts';

type Bare<A> = A extends unknown ? Omit<A, 'requestId' | 'operation' | 'now' | 'actor' | 'remarkId'> : never;
type Act = Bare<DeliveryAct>;

interface ActRoute<N extends DeliveryActName> {
  readonly summary: string;
  readonly description?: string;
  readonly problems?: readonly ProblemCode[];
  readonly wish: (body: DeliveryActBody<N>, policy: LibraryPolicy) => Act;
}

const endOfDay = (policy: LibraryPolicy, day: string): number =>
  instantAt(policy, Temporal.PlainDate.from(day), '24:00').epochMilliseconds;

const routes: { readonly [N in DeliveryActName]: ActRoute<N> } = {
  arrival: {
    summary: 'Record that what was shipped has arrived (收到)',
    description:
      'A loan is labelled, kept for its reader at the place they chose, and they are told as of any hold; what came damaged goes back.',
    problems: ['barcode-taken', 'place-unknown'],
    wish: ({ desk, barcode, unusable }, policy) => ({
      act: 'receive',
      branch: branchOf(policy, desk),
      ...(barcode !== undefined && { barcode }),
      ...(unusable && { unusable }),
    }),
  },
  'hand-out': {
    summary: 'Record that it was handed over or posted to whom it is for',
    description:
      'Copies on paper, and loans for somebody without a card (I7); loans of readers are checked out.',
    wish: () => ({ act: 'hand-out' }),
  },
  'take-back': {
    summary: 'Record that what was handed over without a card is back',
    problems: ['place-unknown'],
    wish: ({ desk }, policy) => ({ act: 'take-back', branch: branchOf(policy, desk) }),
  },
  'send-back': {
    summary: 'Record that a loan is on its way back to its library (I13)',
    problems: ['item-on-loan'],
    wish: () => ({ act: 'send-back' }),
  },
  renewal: {
    summary: 'Ask the supplying library for more time',
    problems: ['renewal-asked', 'request-other-service'],
    wish: () => ({ act: 'renew' }),
  },
  'renewal-answer': {
    summary: 'Note what a supplying library has said about a renewal by telephone or mail',
    wish: ({ answer: said, dueOn }, policy) => ({
      act: 'answer-renewal',
      answer: said === 'yes' ? 'Y' : 'N',
      ...(dueOn !== undefined && { dueAt: endOfDay(policy, dueOn) }),
    }),
  },
  loss: {
    summary: 'Record that a loan will not come back',
    problems: ['request-other-service', 'fee-unknown', 'fee-above-limit'],
    wish: ({ priceMinor }) => ({ act: 'lose', ...(priceMinor !== undefined && { priceMinor }) }),
  },
  'loss-charge': {
    summary: 'Decide whether the reader pays for a loan that its library has declared lost (I15)',
    description:
      'Where the schedule or the policy leaves it to you, or the library asks more than the reader was charged: the task `ill-lost-charge` asks, and the request’s story says how much.',
    problems: ['fee-unknown', 'fee-without-price', 'fee-above-limit', 'fee-capped', 'patron-unknown'],
    wish: (body) => ({
      act: 'settle-lost',
      charge: body.charge,
      ...(body.charge && body.priceMinor !== undefined && { priceMinor: body.priceMinor }),
    }),
  },
  'return-check': {
    summary:
      'Decide whether a loan is back that its library says it has, and that is here by our books (I13)',
    description:
      'The task `ill-return-differs` asks. With a yes the loan ends on the day on which the library said so, with the overdue fee of the schedule; with a no everything stays as it is, and the library is told.',
    wish: ({ back }) => ({ act: 'settle-return', back }),
  },
  inquiry: {
    summary: 'Ask the supplying library after what was shipped and has not arrived',
    wish: () => ({ act: 'ask-after' }),
  },
  link: {
    summary: 'Have a new link to the document made, and mail it (I14)',
    problems: ['delivery-none', 'delivery-held', 'delivery-deleted'],
    wish: () => ({ act: 'reissue' }),
  },
  'document-withdrawal': {
    summary: 'Withdraw a document that was the wrong one',
    problems: ['delivery-none'],
    wish: () => ({ act: 'withdraw' }),
  },
  place: {
    summary: 'Choose another place to pick it up, until it is shipped (I19)',
    problems: ['request-shipped', 'request-without-pickup', 'place-unknown'],
    wish: ({ place }) => ({ act: 'change-place', place }),
  },
};

/** What librarians do with what other libraries send (I9, I13, I14, I19). */
export function requestDeliveryRoutes(deps: ApiDeps): Route[] {
  const wordsFor = createWords(deps);
  const { find, show } = createLibrarysRequests(deps);

  const actRoute = <N extends DeliveryActName>(
    name: N,
    { summary, description, problems = [], wish }: ActRoute<N>,
  ) =>
    route({
      method: 'post',
      path: `/v1/staff/requests/:id/${name}`,
      summary,
      ...(description !== undefined && { description }),
      access: ['ill-librarian'],
      idempotent: true,
      params: z.strictObject({ id }),
      body: deliveryActs[name] as unknown as z.ZodType<DeliveryActBody<N>>,
      problems: ['request-unknown', 'request-ended', 'request-moved-on', ...problems, 'engine-unavailable'],
      responses: {
        200: { description: 'The request as it stands now.', body: libraryRequestDetail },
        202: acceptedResponse,
      },
    }).handle(async ({ caller, params, body, key, language, now }) => {
      await find(caller, params.id, now);
      const given = wish(body, wordsFor(caller.library, language).policy);
      const { remark: text } = body as { readonly remark?: string };
      const kept = await keepIfAny(deps.orm, caller, { subject: key.id, text, now });
      const { library, actor } = caller;
      const done = askRequest(
        deps.commands,
        { id: params.id, library },
        { ...given, actor, ...kept },
        key.id,
      );
      return answer(done, `/v1/staff/requests/${params.id}`, async () => ({
        status: 200 as const,
        body: await show(caller, params.id, language, now),
      }));
    });

  return (Object.keys(routes) as DeliveryActName[]).map((name) =>
    actRoute(name, routes[name] as unknown as ActRoute<DeliveryActName>),
  );
}
