import { z } from 'zod';
import type { ApiDeps } from '../deps.ts';
import { pageHeaders } from '../pages.ts';
import type { ProblemCode } from '../problem-codes.ts';
import { createReadersRequests } from '../readers-requests.ts';
import type { Route } from '../route.ts';
import { route } from '../route.ts';
import { acceptedResponse } from '../schemas/accepted.ts';
import { newRequest, requestDetail, requestListQuery, requestPage } from '../schemas/requests.ts';
import { id } from '../schemas/values.ts';

/** What can be wrong with a request's form (I1). */
export const requestFormProblems: readonly ProblemCode[] = [
  'ill-not-offered',
  'service-not-offered',
  'literature-not-offered',
  'delivery-not-offered',
  'field-required',
  'standard-number-wrong',
  'needed-by-past',
  'place-unknown',
  'cost-limit-needed',
  'cost-limit-too-high',
  'copyright-not-accepted',
  'beneficiary-needed',
  'beneficiary-not-taken',
];

/** Why the library does not take a request (I1, I2, A7). */
export const requestProblems: readonly ProblemCode[] = [
  ...requestFormProblems,
  'patron-unknown',
  'patron-closed',
  'patron-blocked',
  'patron-expired',
  'fee-unpaid',
  'permission-missing',
  'request-limit',
  'request-limit-period',
  'request-duplicate',
  'held-here',
  'engine-unavailable',
];

/** What readers ask other libraries for, and what became of it (I1, I2, I11, I19). */
export function myRequestRoutes(deps: ApiDeps): Route[] {
  const requests = createReadersRequests(deps);

  return [
    route({
      method: 'post',
      path: '/v1/me/requests',
      summary: 'Ask for something that other libraries have',
      description:
        'Everything that is wrong with the form is told at once. Goes to the librarian of the library that is named, where the reader must have an account: their own, or one they have linked (I2). A request that is likely a mistake – asked for already, or in the library’s own catalogue – is refused until it is sent again with `override`.',
      access: 'patron',
      idempotent: true,
      body: newRequest,
      problems: ['not-your-library', ...requestProblems],
      responses: {
        201: { description: 'Submitted.', body: requestDetail, headers: { Location: 'The request.' } },
        202: acceptedResponse,
      },
    }).handle(({ caller, body, key, language, now }) =>
      requests.submit({ caller, body, key, language, now }),
    ),
    route({
      method: 'get',
      path: '/v1/me/requests',
      summary: 'The reader’s requests, the latest first',
      description:
        'Those of linked accounts too. Days are days at the library that is asked for, else at the session’s.',
      access: 'patron',
      query: requestListQuery,
      responses: { 200: { description: 'Requests.', body: requestPage, headers: pageHeaders } },
    }).handle(({ caller, query, language, now }) => requests.list(caller, query, language, now)),
    route({
      method: 'get',
      path: '/v1/me/requests/:id',
      summary: 'One of the reader’s requests, with its story and where to pick it up',
      access: 'patron',
      params: z.strictObject({ id }),
      problems: ['request-unknown'],
      responses: { 200: { description: 'The request.', body: requestDetail } },
    }).handle(async ({ caller, params, language, now }) => ({
      status: 200,
      body: await requests.show(caller, params.id, language, now),
    })),
  ];
}
