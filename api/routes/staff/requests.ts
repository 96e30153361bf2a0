import { z } from 'zod';
import type { ApiDeps } from '../../deps.ts';
import { requestsTable } from '../../export/requests.ts';
import { streamed, type TableFormat, tableFormats, tableReply } from '../../export/table-reply.ts';
import { createLibrarysRequests } from '../../librarys-requests.ts';
import { pageHeaders } from '../../pages.ts';
import type { Route } from '../../route.ts';
import { route } from '../../route.ts';
import { acceptedResponse } from '../../schemas/accepted.ts';
import { newStaffRequest } from '../../schemas/requests.ts';
import {
  libraryRequestDetail,
  libraryRequestFileQuery,
  libraryRequestPage,
  libraryRequestQuery,
  requestStatistics,
  statisticsQuery,
} from '../../schemas/staff-requests.ts';
import { id } from '../../schemas/values.ts';
import { createWords } from '../../words.ts';
import { requestProblems } from '../my-requests.ts';

/** The library's requests to others, as its librarians see them (I7, I12). */
export function staffRequestRoutes(deps: ApiDeps): Route[] {
  const requests = createLibrarysRequests(deps);
  const wordsFor = createWords(deps);
  const access = ['ill-librarian'] as const;

  const fileRoute = (format: TableFormat) =>
    route({
      method: 'get',
      path: `/v1/staff/requests.${format}`,
      summary: `The same list as ${format === 'csv' ? 'CSV' : 'an Excel workbook'}, with all its pages`,
      access,
      query: libraryRequestFileQuery,
      responses: { 200: { description: 'The table.', body: streamed, mediaType: tableFormats[format] } },
    }).handle(async ({ caller, query, language, now }) => {
      const table = requestsTable(requests.all(caller, query, now), wordsFor(caller.library, language));
      return tableReply(table, format, `requests-${caller.library}`);
    });

  return [
    route({
      method: 'post',
      path: '/v1/staff/requests',
      summary: 'Ask for something on behalf of a reader, or of somebody without a card',
      description:
        'What the library’s rules say of readers applies, but for the permission: it is the librarian’s decision. Somebody without a card is named as `beneficiary`; the library receives it for them and passes it on (I7). An institution’s account names its beneficiary too (I6).',
      access,
      idempotent: true,
      body: newStaffRequest,
      problems: ['others-not-offered', ...requestProblems],
      responses: {
        201: { description: 'Submitted.', body: libraryRequestDetail, headers: { Location: 'The request.' } },
        202: acceptedResponse,
      },
    }).handle(({ caller, body, key, language, now }) =>
      requests.submit({ caller, body, key, language, now }),
    ),
    route({
      method: 'get',
      path: '/v1/staff/requests',
      summary: 'The library’s requests, the latest first',
      access,
      query: libraryRequestQuery,
      responses: { 200: { description: 'Requests.', body: libraryRequestPage, headers: pageHeaders } },
    }).handle(({ caller, query, language, now }) => requests.list(caller, query, language, now)),
    fileRoute('csv'),
    fileRoute('xlsx'),
    route({
      method: 'get',
      path: '/v1/staff/requests/statistics',
      summary: 'How many requests were filled, how soon, and by whom',
      description:
        'Of the requests submitted, and the suppliers asked, in a period. The fill rate counts what is decided; what was cancelled or rejected is left out.',
      access,
      query: statisticsQuery,
      responses: { 200: { description: 'The figures.', body: requestStatistics } },
    }).handle(async ({ caller, query, language, now }) => ({
      status: 200,
      body: await requests.statistics(caller, query, language, now),
    })),
    route({
      method: 'get',
      path: '/v1/staff/requests/:id',
      summary: 'A request with its suppliers, and the messages behind it',
      access,
      params: z.strictObject({ id }),
      problems: ['request-unknown'],
      responses: { 200: { description: 'The request.', body: libraryRequestDetail } },
    }).handle(async ({ caller, params, language, now }) => ({
      status: 200,
      body: await requests.show(caller, params.id, language, now),
    })),
  ];
}
