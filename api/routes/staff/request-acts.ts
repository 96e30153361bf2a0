import { Temporal } from 'temporal-polyfill';
import { z } from 'zod';
import { attemptsOf } from '../../../db/queries/request-attempts.ts';
import type { LibraryPolicy } from '../../../domain/policy.ts';
import { instantAt } from '../../../domain/windows.ts';
import type { RequestWish } from '../../../workflows/ill.ts';
import { answer } from '../../answer.ts';
import { askRequest } from '../../ask-request.ts';
import { requestBody } from '../../bodies/requests.ts';
import type { ApiDeps } from '../../deps.ts';
import { createLibrarysRequests } from '../../librarys-requests.ts';
import type { ProblemCode } from '../../problem-codes.ts';
import { keepIfAny } from '../../remarks.ts';
import { type FormChange, keepVersion } from '../../request-versions.ts';
import type { Route } from '../../route.ts';
import { route } from '../../route.ts';
import { acceptedResponse } from '../../schemas/accepted.ts';
import { type RequestActBody, type RequestActName, requestActs } from '../../schemas/request-acts.ts';
import { requestDetail } from '../../schemas/requests.ts';
import { id } from '../../schemas/values.ts';
import { createWords } from '../../words.ts';
import { requestFormProblems } from '../my-requests.ts';

type Bare<W> = W extends unknown ? Omit<W, 'actor' | 'remarkId'> : never;
type Act = Bare<RequestWish>;

interface Context {
  readonly policy: LibraryPolicy;
  /** Keeps another version of the form; its id. */
  readonly keep: (change: FormChange) => Promise<string>;
}

interface ActRoute<N extends RequestActName> {
  readonly summary: string;
  readonly description?: string;
  readonly problems: readonly ProblemCode[];
  readonly wish: (body: RequestActBody<N>, context: Context) => Act | Promise<Act>;
}

/** Without what was not given. */
const withForm = (formId: string | undefined) => (formId === undefined ? {} : { formId });

const routes: { readonly [N in RequestActName]: ActRoute<N> } = {
  review: {
    summary: 'Approve a request, or reject it',
    description:
      'Suppliers in an order of your own go before those that the policy would ask. Without any supplier the request stays with you.',
    problems: [
      'request-not-reviewing',
      'request-by-hand',
      'remark-missing',
      'peer-unknown',
      ...requestFormProblems,
    ],
    wish: async ({ decision, suppliers, work }, { keep }) => ({
      act: 'review',
      decision,
      ...(suppliers && { suppliers }),
      ...withForm(work && (await keep({ work }))),
    }),
  },
  'choose-supplier': {
    summary: 'Choose whom to ask, in which order',
    problems: ['request-shipped', 'request-cancelling', 'peer-unknown'],
    wish: ({ suppliers, instead }) => ({ act: 'choose', suppliers, instead }),
  },
  edit: {
    summary: 'Correct the form before it goes out',
    problems: ['request-not-reviewing', ...requestFormProblems],
    wish: async (change, { keep }) => ({ act: 'edit', formId: await keep(change) }),
  },
  answer: {
    summary: 'Answer what a supplying library asks',
    description: 'For the reader too, who has said it on the phone.',
    problems: ['request-not-asked', ...requestFormProblems],
    wish: async ({ accept, limitMinor, work }, { keep }) => {
      const changed = accept && (work !== undefined || limitMinor !== undefined);
      const formId = changed ? await keep({ work, limitMinor }) : undefined;
      return {
        act: 'answer',
        accept,
        ...withForm(formId),
        ...(accept && limitMinor !== undefined && { limitMinor }),
      };
    },
  },
  record: {
    summary: 'Record progress with a request that is obtained by other ways (I3)',
    problems: ['request-shipped', 'request-with-supplier'],
    wish: ({ step, supplier, costMinor, currency, dueOn, reason }, { policy }) => ({
      act: 'record',
      step,
      ...(supplier !== undefined && { supplier }),
      ...(costMinor !== undefined && { costMinor }),
      ...(currency !== undefined && { currency }),
      ...(dueOn !== undefined && {
        dueAt: instantAt(policy, Temporal.PlainDate.from(dueOn), '24:00').epochMilliseconds,
      }),
      ...(reason !== undefined && { reason }),
    }),
  },
  price: {
    summary: 'State what the reader pays',
    description:
      'Where the schedule cannot say: there is no rate for the supplier’s currency, or the number of pages is not known. Of something shipped it is charged at once.',
    problems: [],
    wish: ({ amountMinor }) => ({ act: 'price', amountMinor }),
  },
  cancel: {
    summary: 'Cancel a request',
    problems: ['request-shipped', 'request-cancelling'],
    wish: () => ({ act: 'cancel' }),
  },
  'late-arrival': {
    summary: 'Record what became of something that came after the request had gone elsewhere',
    problems: ['attempt-unknown', 'attempt-not-late'],
    wish: ({ attemptId, outcome }) => ({ act: 'settle-late', attemptId, outcome }),
  },
};

/** What librarians do with their readers' requests while they are being obtained (I3, I4, I10). */
export function requestActRoutes(deps: ApiDeps): Route[] {
  const wordsFor = createWords(deps);
  const { find } = createLibrarysRequests(deps);

  const actRoute = <N extends RequestActName>(
    name: N,
    { summary, description, problems, wish }: ActRoute<N>,
  ) =>
    route({
      method: 'post',
      path: `/v1/staff/requests/:id/${name}`,
      summary,
      ...(description !== undefined && { description }),
      access: ['ill-librarian'],
      idempotent: true,
      params: z.strictObject({ id }),
      body: requestActs[name] as unknown as z.ZodType<RequestActBody<N>>,
      problems: ['request-unknown', 'request-ended', ...problems, 'engine-unavailable'],
      responses: {
        200: { description: 'The request as it stands now.', body: requestDetail },
        202: acceptedResponse,
      },
    }).handle(async ({ caller, params, body, key, language, now }) => {
      const row = await find(caller, params.id, now);
      const { policy } = wordsFor(caller.library, language);
      const keep = (change: FormChange) =>
        keepVersion(deps.orm, policy, change, {
          requestId: row.id,
          id: key.id,
          actor: caller.actor,
          now,
        });
      const given = await wish(body, { policy, keep });
      const { remark: text } = body as { readonly remark?: string };
      const kept = await keepIfAny(deps.orm, caller, { subject: key.id, text, now });
      const { library, actor } = caller;
      const done = askRequest(deps.commands, { id: row.id, library }, { ...given, actor, ...kept }, key.id);
      return answer(done, `/v1/staff/requests/${row.id}`, async () => ({
        status: 200 as const,
        body: requestBody(
          await find(caller, row.id, now),
          await attemptsOf(deps.orm, row.id),
          wordsFor(caller.library, language),
          now,
        ),
      }));
    });

  return (Object.keys(routes) as RequestActName[]).map((name) =>
    actRoute(name, routes[name] as unknown as ActRoute<RequestActName>),
  );
}
