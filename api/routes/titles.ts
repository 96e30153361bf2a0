import { z } from 'zod';
import { Title } from '../../db/entities/index.ts';
import { searchTitles } from '../../db/queries/catalogue.ts';
import type { TitleEntry } from '../../db/queries/catalogue.ts';
import { titleById } from '../../db/queries/title.ts';
import type { ItemEntry } from '../../db/queries/title.ts';
import { reader } from '../../db/transaction.ts';
import { isHoldable } from '../../domain/holdable.ts';
import { itemStates, kinds } from '../../domain/kinds.ts';
import type { Language } from '../../domain/languages.ts';
import type { ApiDeps } from '../deps.ts';
import { explain } from '../explain.ts';
import { page, pageHeaders, pageOf, pageQuery } from '../pages.ts';
import { problem } from '../problem.ts';
import type { Route } from '../route.ts';
import { route } from '../route.ts';
import { reasonSchema } from '../schemas/problem.ts';
import { day, id, instant, libraryCode, noControls } from '../schemas/values.ts';

const title = z
  .strictObject({
    id,
    controlNumber: z.string(),
    kind: z.enum(kinds),
    title: z.string(),
    titleRomanised: z.string().nullable().describe('In Latin script, where the title is in another.'),
    author: z.string().nullable(),
    publisher: z.string().nullable(),
    published: z.string().nullable(),
    language: z.string().nullable(),
    isbns: z.array(z.string()),
    issns: z.array(z.string()),
    copies: z.partialRecord(z.enum(itemStates), z.int()).describe('How many copies are where.'),
    openHolds: z.int().describe('Readers who have asked for it and not got it yet.'),
    holdable: z.boolean().describe('Whether to offer “add to cart”.'),
    notHoldable: z.array(reasonSchema).describe('Why it cannot be held; empty when it can.'),
  })
  .meta({ id: 'Title' });

const item = z.strictObject({
  id,
  barcode: z.string(),
  branch: z.string().describe('Its home.'),
  atBranch: z.string().describe('Where it is now, or was last.'),
  shelfMark: z.string().nullable(),
  issue: z.string().nullable(),
  issuedOn: day.nullable(),
  forLoan: z.boolean(),
  state: z.enum(itemStates),
  isLatestIssue: z.boolean(),
  dueAt: instant.nullable().describe('Of a copy on loan.'),
});

const detail = z.strictObject({ ...title.shape, items: z.array(item) }).meta({ id: 'TitleDetail' });

function itemOf({ dueAt, ...entry }: ItemEntry) {
  return { ...entry, dueAt: dueAt?.toISOString() ?? null };
}

const searchQuery = pageQuery.extend({
  library: libraryCode,
  q: z
    .string()
    .max(300)
    .regex(noControls)
    .default('')
    .describe('Words of title, author or publisher, all of which must be found; or an ISBN or ISSN.'),
  isbn: z.string().max(40).optional().describe('Only the title with this ISBN or ISSN.'),
});

/** The catalogue, for everyone. */
export function titleRoutes(deps: ApiDeps): Route[] {
  const described = (language: Language, library: string, { facts, ...entry }: TitleEntry) => {
    const policy = deps.policies.get(library);
    const reasons = isHoldable(facts, policy);
    return {
      ...entry,
      isbns: [...entry.isbns],
      issns: [...entry.issns],
      holdable: reasons.length === 0,
      notHoldable: explain(deps.texts, language, policy, reasons),
    };
  };

  const unknownLibrary = () =>
    problem('invalid-input', {}, { errors: [{ in: 'query', pointer: '/library', code: 'not-found' }] });

  return [
    route({
      method: 'get',
      path: '/v1/titles',
      summary: 'Search the catalogue of a library',
      access: 'public',
      query: searchQuery,
      responses: { 200: { description: 'A page of titles.', body: pageOf(title), headers: pageHeaders } },
    }).handle(async ({ query, language }) => {
      const { library, q, isbn, limit, cursor } = query;
      if (!deps.policies.has(library)) throw unknownLibrary();
      const found = await searchTitles(reader(deps.orm), { library, query: q, isbn, limit, cursor });
      const items = found.titles.map((entry) => described(language, library, entry));
      return page({ path: '/v1/titles', query }, items, found.next);
    }),
    route({
      method: 'get',
      path: '/v1/titles/:id',
      summary: 'One title with all its copies',
      access: 'public',
      params: z.strictObject({ id }),
      problems: ['title-unknown'],
      responses: { 200: { description: 'The title.', body: detail } },
    }).handle(async ({ params, language }) => {
      const em = reader(deps.orm);
      const library = (await em.findOne(Title, { id: params.id }, { fields: ['library'] }))?.library ?? '';
      const found = deps.policies.has(library) ? await titleById(em, { library, id: params.id }) : undefined;
      if (found === undefined) throw problem('title-unknown');
      const { items, ...entry } = found;
      return { status: 200, body: { ...described(language, library, entry), items: items.map(itemOf) } };
    }),
  ];
}
