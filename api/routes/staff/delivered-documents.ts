import { z } from 'zod';
import { SupplyRequest } from '../../../db/entities/index.ts';
import {
  documentOfRequest,
  type OfferRow,
  offersOf,
  staffsDocument,
} from '../../../db/queries/ill-documents.ts';
import { reader } from '../../../db/transaction.ts';
import { answer } from '../../answer.ts';
import type { Caller } from '../../caller.ts';
import {
  createDeliveredFiles,
  deliveredFile,
  documentTypes,
  fileReply,
  uploadProblems,
} from '../../delivered-files.ts';
import type { ApiDeps } from '../../deps.ts';
import { fileBody } from '../../files.ts';
import { createLibrarysRequests } from '../../librarys-requests.ts';
import { problem } from '../../problem.ts';
import type { Route } from '../../route.ts';
import { route } from '../../route.ts';
import { acceptedResponse } from '../../schemas/accepted.ts';
import { libraryRequestDetail } from '../../schemas/staff-requests.ts';
import { id, instant, iso } from '../../schemas/values.ts';
import { createWords, type Words } from '../../words.ts';

const params = z.strictObject({ id });
const access = ['ill-librarian'] as const;
const smallest = 1_000_000;

const offer = z
  .strictObject({
    id,
    url: z.string(),
    state: z.enum(['due', 'fetched', 'given-up', 'withdrawn']),
    tries: z.int(),
    reasonText: z.string().nullable().describe('Why the last try failed.'),
    offeredAt: instant,
  })
  .meta({ id: 'OfferedDocument' });

function offerBody({ offeredAt, lastError, ...row }: OfferRow, words: Words): z.input<typeof offer> {
  return {
    ...row,
    reasonText: lastError && words.text(`delivery.fetch.${lastError}`),
    offeredAt: iso(offeredAt),
  };
}

/** Files that librarians deliver: to their readers, and to other libraries (I8, I14). */
export function deliveredDocumentRoutes(deps: ApiDeps): Route[] {
  const files = createDeliveredFiles(deps);
  const { show } = createLibrarysRequests(deps);
  const wordsFor = createWords(deps);
  const maxBytes = (caller: Caller | undefined): number => {
    const { ill } = deps.policies.get(caller?.library ?? '');
    return ill === 'none' ? smallest : ill.delivery.documents.maxBytes;
  };
  const file = { mediaTypes: documentTypes, maxBytes };

  return [
    route({
      method: 'post',
      path: '/v1/staff/requests/:id/documents',
      summary: 'Deliver a document to the reader (文献传递)',
      description:
        'The file is the body: PDF, TIFF, JPEG, PNG or WebP, told by its bytes and kept as it is. The reader gets it at once, or as soon as nothing is to be paid for it any more (I16). A second file takes the first one’s place.',
      access,
      params,
      file,
      body: fileBody,
      problems: [
        'request-unknown',
        'request-ended',
        'request-moved-on',
        'request-other-service',
        'delivery-none',
        ...uploadProblems,
        'engine-unavailable',
      ],
      responses: {
        201: { description: 'Delivered, or held until it is paid.', body: libraryRequestDetail },
        202: acceptedResponse,
      },
    }).handle(async ({ caller, params: { id: requestId }, body, language, now }) => {
      await show(caller, requestId, language, now);
      const { library, actor } = caller;
      const given = { library, about: 'request', aboutId: requestId, file: body, actor, now } as const;
      const documentId = await files.keep(given);
      const wish = { act: 'deliver', documentId, actor } as const;
      return answer(
        deps.commands.actOnRequest(requestId, wish, documentId),
        `/v1/staff/requests/${requestId}`,
        async () => ({ status: 201 as const, body: await show(caller, requestId, language, now) }),
      );
    }),
    route({
      method: 'get',
      path: '/v1/staff/requests/:id/document',
      summary: 'The document that was delivered, to see whether it is the right one',
      access,
      params,
      problems: ['request-unknown', 'delivery-none'],
      responses: { 200: deliveredFile },
    }).handle(async ({ caller, params: { id: requestId }, language, now }) => {
      await show(caller, requestId, language, now);
      const document = await documentOfRequest(deps.orm, requestId, new Date(now));
      const found = document && (await staffsDocument(deps.orm, caller.library, document.id));
      if (!found) throw problem('delivery-none');
      return fileReply(found);
    }),
    route({
      method: 'get',
      path: '/v1/staff/requests/:id/offers',
      summary: 'Where suppliers have offered the document, and what came of fetching it',
      description: 'For a document that could not be fetched: it is got by hand, and uploaded.',
      access,
      params,
      problems: ['request-unknown'],
      responses: {
        200: { description: 'Offers, the latest first.', body: z.strictObject({ items: z.array(offer) }) },
      },
    }).handle(async ({ caller, params: { id: requestId }, language, now }) => {
      await show(caller, requestId, language, now);
      const words = wordsFor(caller.library, language);
      const rows = await offersOf(deps.orm, requestId);
      return { status: 200, body: { items: rows.map((row) => offerBody(row, words)) } };
    }),
    route({
      method: 'post',
      path: '/v1/staff/outside-requests/:id/documents',
      summary: 'Keep a copy that is to be supplied to another library',
      description:
        'The file is the body. Its id goes with the shipment; the other library fetches it under an address of its own.',
      access,
      params,
      file,
      body: fileBody,
      problems: ['supply-unknown', 'supply-ended', ...uploadProblems],
      responses: { 201: { description: 'Kept.', body: z.strictObject({ id }) } },
    }).handle(async ({ caller, params: { id: aboutId }, body, now }) => {
      const { library, actor } = caller;
      const supply = await reader(deps.orm).findOne(SupplyRequest, { id: aboutId, library });
      if (!supply) throw problem('supply-unknown');
      if (supply.endedAt) throw problem('supply-ended');
      const kept = await files.keep({ library, about: 'supply', aboutId, file: body, actor, now });
      return { status: 201, body: { id: kept } };
    }),
  ];
}
