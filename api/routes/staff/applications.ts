import { z } from 'zod';
import { Patron } from '../../../db/entities/index.ts';
import {
  type ApplicationRow,
  applicationById,
  applicationsIn,
  formsOf,
} from '../../../db/queries/applications.ts';
import { likelyApplications, likelyReaders } from '../../../db/queries/duplicates.ts';
import { eventsOf } from '../../../db/queries/story.ts';
import { reader } from '../../../db/transaction.ts';
import { isOpenApplication } from '../../../domain/registration.ts';
import { applicationFileBody, reviewedBody } from '../../bodies/review.ts';
import type { StaffCaller } from '../../caller.ts';
import type { ApiDeps } from '../../deps.ts';
import { pageHeaders, pageOf, pageQuery, readCursor } from '../../pages.ts';
import { problem } from '../../problem.ts';
import { reviewedBy } from '../../review-scope.ts';
import type { Route } from '../../route.ts';
import { route } from '../../route.ts';
import { applicationFile, reviewedApplication } from '../../schemas/applications.ts';
import { id, line } from '../../schemas/values.ts';
import { createWords, type Words } from '../../words.ts';
import { pageFrom } from './paging.ts';

const states = {
  reviewing: ['reviewing'],
  waiting: ['confirming', 'questioned', 'correcting'],
  ended: ['approved', 'rejected', 'lapsed', 'withdrawn', 'merged'],
} as const;

const query = pageQuery.extend({
  state: z
    .enum(['reviewing', 'waiting', 'ended'])
    .default('reviewing')
    .describe('`reviewing`: it is the library’s turn; `waiting`: the applicant’s.'),
  procedure: line(60).optional().describe('Only those of this procedure.'),
});

/** Finds applications for those who review them (A5, A13): others do not know of them. */
export function createReviews(deps: ApiDeps) {
  const find = async (caller: StaffCaller, applicationId: string): Promise<ApplicationRow> => {
    const row = await applicationById(deps.orm, applicationId);
    const procedures = reviewedBy(deps.policies.get(caller.library), caller);
    if (row?.library !== caller.library || !procedures.includes(row.procedure))
      throw problem('application-unknown');
    return row;
  };

  const accountOf = async ({ patronId }: ApplicationRow) => {
    const patron = patronId === null ? null : await reader(deps.orm).findOne(Patron, { id: patronId });
    if (!patron) return null;
    const { name, userGroup, permissions, expiresOn = null } = patron;
    return { name, userGroup, permissions, expiresOn };
  };

  const show = async (row: ApplicationRow, words: Words, now: number) => {
    const forms = await formsOf(deps.orm, row.id, row.version);
    const latest = isOpenApplication(row.state) ? forms.at(-1) : undefined;
    const { id: applicationId, library, patronId } = row;
    const applicant = latest && { ...latest, applicationId, library, patronId };
    const [account, readers, applications, events] = await Promise.all([
      accountOf(row),
      applicant ? likelyReaders(deps.orm, applicant) : [],
      applicant ? likelyApplications(deps.orm, applicant) : [],
      eventsOf(deps.orm, row.id),
    ]);
    return applicationFileBody({ row, forms, account, readers, applications, events }, words, now);
  };

  return { find, show };
}

/** Applications as their reviewers see them. */
export function staffApplicationRoutes(deps: ApiDeps): Route[] {
  const wordsFor = createWords(deps);
  const reviews = createReviews(deps);

  return [
    route({
      method: 'get',
      path: '/v1/staff/applications',
      summary: 'Applications to review, the oldest first (A5)',
      description: 'Those of the procedures that your role decides on.',
      access: ['desk', 'ill-librarian'],
      query,
      responses: {
        200: {
          description: 'A page of applications.',
          body: pageOf(reviewedApplication),
          headers: pageHeaders,
        },
      },
    }).handle(async ({ caller, query: asked, language, now }) => {
      const { library } = caller;
      const { state, procedure, limit, cursor } = asked;
      const procedures = reviewedBy(deps.policies.get(library), caller).filter(
        (code) => procedure === undefined || code === procedure,
      );
      const search = { library, procedures, states: states[state], limit, after: readCursor(cursor) };
      const words = wordsFor(library, language);
      return pageFrom(
        { path: '/v1/staff/applications', query: asked },
        await applicationsIn(deps.orm, search),
        (row) => row,
        (row) => reviewedBody(row, words, now),
      );
    }),
    route({
      method: 'get',
      path: '/v1/staff/applications/:id',
      summary:
        'An application: every version, likely duplicates, what the account has and would have, and its story',
      access: ['desk', 'ill-librarian'],
      params: z.strictObject({ id }),
      problems: ['application-unknown'],
      responses: { 200: { description: 'The application.', body: applicationFile } },
    }).handle(async ({ caller, params, language, now }) => {
      const row = await reviews.find(caller, params.id);
      return { status: 200, body: await reviews.show(row, wordsFor(caller.library, language), now) };
    }),
  ];
}
