import { z } from 'zod';
import { Patron } from '../../db/entities/index.ts';
import { admissionOf } from '../../db/queries/request-admission.ts';
import { reader } from '../../db/transaction.ts';
import type { Language } from '../../domain/languages.ts';
import { pickupCodes } from '../../domain/ill-places.ts';
import type { EncodingUsed } from '../../domain/link-text.ts';
import type { LibraryPolicy } from '../../domain/policy.ts';
import { deliveriesOf, type RequestWish } from '../../domain/request-form.ts';
import { checkBodyOf, encodingBody } from '../bodies/request-check.ts';
import type { PatronCaller } from '../caller.ts';
import type { ApiDeps } from '../deps.ts';
import { createReadersRequests } from '../readers-requests.ts';
import { createRequestDrafts, queryOf, type Draft } from '../request-drafts.ts';
import { illOf, readForm } from '../request-intake.ts';
import type { Route } from '../route.ts';
import { route } from '../route.ts';
import {
  checkBody,
  draft as draftBody,
  linkEncoding,
  openUrl,
  requestCheck,
} from '../schemas/request-check.ts';
import { id, iso, libraryCode } from '../schemas/values.ts';
import { problem } from '../problem.ts';
import { createWords } from '../words.ts';

interface Asked {
  readonly library: string | undefined;
  readonly form: Omit<RequestWish, 'delivery'> & { readonly delivery?: RequestWish['delivery'] };
  readonly override: readonly string[];
  /** How a link was read. */
  readonly encoding?: EncodingUsed;
}

const draftPath = (draftId: string) => `/v1/me/request-drafts/${draftId}`;

/** A link may say where it is picked up (`svc.pickupLocation`); a code that is none of the library's says nothing. */
function withKnownPlace(policy: LibraryPolicy, { place, ...form }: Asked['form']): Asked['form'] {
  const known = place !== undefined && pickupCodes(policy).includes(place);
  const possible = known && deliveriesOf(illOf(policy), form.service).includes('pickup');
  return possible ? { ...form, delivery: 'pickup', place } : form;
}

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
    const { form, encoding } =
      'openUrl' in body
        ? drafts.read(queryOf(body.openUrl), body.encoding)
        : await drafts.open(body.draft, now, body.encoding);
    return { library: body.library, form, override: [], encoding };
  };

  const check = async (caller: PatronCaller, asked: Asked, now: number) => {
    const { library: chosen, form: given, override, encoding } = asked;
    const { patronId, library, group } = await requests.accountAt(caller, chosen);
    const policy = deps.policies.get(library);
    const ill = illOf(policy);
    const form = encoding ? withKnownPlace(policy, given) : given;
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
    return { library, judged: { ...judged, undecided: form.delivery === undefined, encoding }, admission };
  };

  const opened = (draft: Draft, library: string | null, language: Language) => {
    const words = wordsFor(library ?? deps.policies.all()[0]?.code ?? '', language);
    const { service, literature, work, place } = draft.form;
    const known = library !== null && place !== undefined && pickupCodes(words.policy).includes(place);
    return {
      id: draft.id,
      expiresAt: iso(draft.expiresAt),
      open: draftPath(draft.id),
      library,
      form: { service, literature, work, place: known ? place : null },
      encoding: encodingBody(words, draft.encoding),
    };
  };

  const keep = async (library: string | undefined, query: string, address: string, now: number) => {
    if (library !== undefined && !deps.policies.has(library)) throw problem('not-found');
    if (library !== undefined) illOf(deps.policies.get(library));
    return drafts.keep({ library: library ?? null, query, address, now });
  };

  const asked = { description: 'What the link asks for.', body: draftBody };

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
        'OpenURL Z39.88-2004 in key/encoded-value form, or version 0.1, in UTF-8, the encoding that the link states (`ctx_enc`, `rft_enc`), or else the likeliest. What is wanted is kept for two hours under an id, so that the reader can sign in first; who asks is known by signing in only – `req.*` is not even read.',
      access: 'public',
      params: z.strictObject({ library: libraryCode }),
      query: z.looseObject({}),
      problems: ['ill-not-offered', 'too-many-attempts'],
      responses: { 200: asked },
    }).handle(async ({ params: { library }, search, address, language, now }) => {
      const kept = await keep(library, search, address, now);
      return { status: 200, body: opened(kept, library, language) };
    }),
    route({
      method: 'post',
      path: '/v1/openurl',
      summary: 'Keep what a link asks for until the reader has signed in',
      description: 'As following it; for links that are too long for an address.',
      access: 'public',
      body: z.strictObject({ library: libraryCode.optional(), openUrl }),
      problems: ['ill-not-offered', 'too-many-attempts'],
      responses: { 201: asked },
    }).handle(async ({ body, address, language, now }) => {
      const kept = await keep(body.library, queryOf(body.openUrl), address, now);
      return { status: 201, body: opened(kept, body.library ?? null, language) };
    }),
    route({
      method: 'get',
      path: '/v1/me/request-drafts/:id',
      summary: 'Open what a link asked for, after signing in',
      access: 'patron',
      description: 'If title or author look wrong, `encoding` reads the link’s characters anew.',
      params: z.strictObject({ id }),
      query: z.strictObject({ encoding: linkEncoding.optional() }),
      problems: ['draft-unknown'],
      responses: { 200: asked },
    }).handle(async ({ params, query, language, now }) => {
      const draft = await drafts.open(params.id, now, query.encoding);
      return { status: 200, body: opened(draft, draft.library, language) };
    }),
  ];
}
