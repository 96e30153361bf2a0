import { z } from 'zod';
import { Patron } from '../../db/entities/index.ts';
import { admissionOf } from '../../db/queries/request-admission.ts';
import { reader } from '../../db/transaction.ts';
import { deliveriesOf, type RequestWish } from '../../domain/request-form.ts';
import { checkBodyOf } from '../bodies/request-check.ts';
import type { PatronCaller } from '../caller.ts';
import type { ApiDeps } from '../deps.ts';
import { createReadersRequests } from '../readers-requests.ts';
import { createRequestDrafts, queryOf } from '../request-drafts.ts';
import { illOf, readForm } from '../request-intake.ts';
import type { Route } from '../route.ts';
import { route } from '../route.ts';
import { checkBody, draft as draftBody, openUrl, requestCheck } from '../schemas/request-check.ts';
import { id, iso, libraryCode } from '../schemas/values.ts';
import { problem } from '../problem.ts';
import { createWords } from '../words.ts';

interface Asked {
  readonly library: string | undefined;
  readonly form: Omit<RequestWish, 'delivery'> & { readonly delivery?: RequestWish['delivery'] };
  readonly override: readonly string[];
}

const draftPath = (draftId: string) => `/v1/me/request-drafts/${draftId}`;

/** What a form or a catalogue's link comes to, before anything is sent (I1, I20). */
export function requestCheckRoutes(deps: ApiDeps): Route[] {
  const wordsFor = createWords(deps);
  const drafts = createRequestDrafts(deps);
  const requests = createReadersRequests(deps);

  const askedBy = async (body: z.output<typeof checkBody>, now: number): Promise<Asked> => {
    if ('form' in body) {
      const { library, override, ...form } = body.form;
      return { library, form, override };
    }
    if ('openUrl' in body)
      return { library: body.library, form: drafts.read(queryOf(body.openUrl)), override: [] };
    const { form } = await drafts.open(body.draft, now);
    return { library: body.library, form, override: [] };
  };

  const check = async (caller: PatronCaller, { library: chosen, form, override }: Asked, now: number) => {
    const { patronId, library, group } = await requests.accountAt(caller, chosen);
    const policy = deps.policies.get(library);
    const ill = illOf(policy);
    const delivery = form.delivery ?? deliveriesOf(ill, form.service)[0] ?? 'pickup';
    const judged = readForm(policy, { ...form, delivery }, group ? 'group' : 'own', now);
    const tx = reader(deps.orm);
    const { request } = judged;
    const admission = await admissionOf(tx, {
      policy,
      ill,
      requestId: '00000000-0000-0000-0000-000000000000',
      reader: await tx.findOneOrFail(Patron, { id: patronId }),
      channel: 'web',
      literature: request.literature,
      work: request.work,
      beneficiary: request.beneficiary,
      overridden: override,
      at: new Date(now),
    });
    return { library, judged: { ...judged, undecided: form.delivery === undefined }, admission };
  };

  const keep = async (library: string | undefined, query: string, address: string, now: number) => {
    if (library !== undefined && !deps.policies.has(library)) throw problem('not-found');
    if (library !== undefined) illOf(deps.policies.get(library));
    const kept = await drafts.keep({ library: library ?? null, query, address, now });
    return {
      id: kept.id,
      expiresAt: iso(kept.expiresAt),
      open: draftPath(kept.id),
      library: library ?? null,
      form: kept.form,
    };
  };

  const opened = { description: 'What the link asks for.', body: draftBody };

  return [
    route({
      method: 'post',
      path: '/v1/me/requests/check',
      summary: 'What a request would come to, before it is sent',
      description:
        'Of a form, or of a link from a catalogue: the cleaned form with every mistake in it, likely duplicates, what the library has itself – with a hold offered instead –, what it costs, how many requests are still possible, and where it can be picked up. Nothing is kept.',
      access: 'patron',
      body: checkBody,
      problems: ['not-your-library', 'ill-not-offered', 'draft-unknown'],
      responses: { 200: { description: 'What it comes to.', body: requestCheck } },
    }).handle(async ({ caller, body, language, now }) => {
      const { library, judged, admission } = await check(caller, await askedBy(body, now), now);
      return { status: 200, body: checkBodyOf(wordsFor(library, language), judged, admission) };
    }),
    route({
      method: 'get',
      path: '/v1/openurl/:library',
      summary: 'Follow a link from a catalogue or a link resolver',
      description:
        'OpenURL Z39.88-2004 in key/encoded-value form, or version 0.1. What is wanted is kept for two hours under an id, so that the reader can sign in first; who asks is known by signing in only – `req.*` is not even read.',
      access: 'public',
      params: z.strictObject({ library: libraryCode }),
      query: z.looseObject({}),
      problems: ['ill-not-offered', 'too-many-attempts'],
      responses: { 200: opened },
    }).handle(async ({ params: { library }, query, address, now }) => ({
      status: 200,
      body: await keep(library, queryText(query), address, now),
    })),
    route({
      method: 'post',
      path: '/v1/openurl',
      summary: 'Keep what a link asks for until the reader has signed in',
      description: 'As following it; for links that are too long for an address.',
      access: 'public',
      body: z.strictObject({ library: libraryCode.optional(), openUrl }),
      problems: ['ill-not-offered', 'too-many-attempts'],
      responses: { 201: opened },
    }).handle(async ({ body, address, now }) => {
      const kept = await keep(body.library, queryOf(body.openUrl), address, now);
      return { status: 201, body: kept };
    }),
    route({
      method: 'get',
      path: '/v1/me/request-drafts/:id',
      summary: 'Open what a link asked for, after signing in',
      access: 'patron',
      params: z.strictObject({ id }),
      problems: ['draft-unknown'],
      responses: { 200: opened },
    }).handle(async ({ params, now }) => {
      const { form, library, expiresAt } = await drafts.open(params.id, now);
      const body = { id: params.id, expiresAt: iso(expiresAt), open: draftPath(params.id), library, form };
      return { status: 200, body };
    }),
  ];
}

/** A parsed query as text again: keys may repeat. */
function queryText(query: Readonly<Record<string, unknown>>): string {
  const parameters = new URLSearchParams();
  for (const [key, value] of Object.entries(query))
    for (const each of Array.isArray(value) ? value : [value])
      if (typeof each === 'string') parameters.append(key, each);
  return parameters.toString();
}
