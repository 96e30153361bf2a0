import { z } from 'zod';
import { documentStand } from '../../db/queries/ill-documents.ts';
import { isDocumentSecret, readSuppliedToken } from '../../domain/document-link.ts';
import { createDeliveredFiles, deliveredFile, downloadProblems } from '../delivered-files.ts';
import type { ApiDeps } from '../deps.ts';
import { problem } from '../problem.ts';
import type { Route } from '../route.ts';
import { route } from '../route.ts';
import { id, line } from '../schemas/values.ts';

/** Documents for whoever has a link: the reader from the mail, another library from the supplier's message (I14). */
export function documentLinkRoutes(deps: ApiDeps): Route[] {
  const files = createDeliveredFiles(deps);
  const { orm, config } = deps;

  return [
    route({
      method: 'post',
      path: '/v1/document-links/:id',
      summary: 'Download a document by the link in the mail (I14)',
      description:
        'The secret stands behind the `#` of the mailed link and is sent in the body. A link is good for so many downloads and so many days; one that was issued anew replaces it.',
      access: 'public',
      params: z.strictObject({ id }),
      body: z.strictObject({ secret: line(100) }),
      problems: downloadProblems,
      responses: { 200: deliveredFile },
    }).handle(async ({ params, body: { secret }, now }) => {
      const document = await documentStand(orm, params.id, new Date(now));
      // An earlier issue's secret tells its holder that there is a later one, and nothing to anybody else.
      const issues = Array.from({ length: Math.min(document?.issue ?? 0, 100) }, (_, index) => index + 1);
      const issue = issues.find((each) =>
        isDocumentSecret(config.secret, { to: 'reader', documentId: params.id, issue: each }, secret),
      );
      if (!document || issue === undefined) throw problem('delivery-none');
      return files.give(document, files.rulesOf(document.library).downloads, now, issue);
    }),
    route({
      method: 'get',
      path: '/v1/supplied-documents/:token',
      summary: 'Fetch a copy that was supplied to another library',
      description:
        'The address stands in the supplier’s message; it is good for so many days and so many downloads.',
      access: 'public',
      params: z.strictObject({ token: line(100) }),
      problems: downloadProblems,
      responses: { 200: deliveredFile },
    }).handle(async ({ params, now }) => {
      const documentId = readSuppliedToken(config.secret, params.token);
      const document = documentId && (await documentStand(orm, documentId, new Date(now)));
      if (!document) throw problem('delivery-none');
      return files.give(document, files.rulesOf(document.library).supplied.downloads, now);
    }),
  ];
}
