import { z } from 'zod';
import { contactMethods } from '../../domain/kinds.ts';
import { languages } from '../../domain/languages.ts';
import type { LibraryPolicy } from '../../domain/policy.ts';
import { weekdays } from '../../domain/policy-places.ts';
import type { ApiDeps } from '../deps.ts';
import { problem } from '../problem.ts';
import type { Route } from '../route.ts';
import { route } from '../route.ts';
import { language, libraryCode } from '../schemas/values.ts';

const localised = z.record(z.enum(languages), z.string()).meta({ description: 'In every language.' });

const time = z.string().meta({ description: 'A time on the library’s wall.', example: '09:30' });

const hours = z
  .record(z.enum(weekdays), z.strictObject({ opens: time, closes: time }).nullable())
  .meta({ id: 'WeeklyHours', description: 'Usual opening hours; null: closed.' });

const branch = z.strictObject({
  code: z.string(),
  kind: z.literal('branch'),
  name: localised,
  address: z.string(),
  phone: z.string(),
  hours,
});

const visit = z.strictObject({
  weekday: z.enum(weekdays),
  from: time,
  to: time,
  everyWeeks: z.int(),
  anchor: z.iso.date().describe('A day of one of the visits.'),
});

const stop = z.strictObject({
  code: z.string(),
  kind: z.literal('stop'),
  name: localised,
  servedFrom: z.string().describe('The branch the mobile library comes from.'),
  visits: z.array(visit),
});

const library = z
  .strictObject({
    code: libraryCode,
    name: localised,
    language,
    timeZone: z.string(),
    currency: z.string(),
    phone: z.string(),
    website: z.string(),
    cardExample: z.string().describe('What a card number looks like.'),
    contacts: z.array(z.enum(contactMethods)).describe('How readers can hear that a hold is ready.'),
    places: z.array(z.discriminatedUnion('kind', [branch, stop])).describe('Where holds can be picked up.'),
  })
  .meta({ id: 'Library' });

function described(policy: LibraryPolicy): z.input<typeof library> {
  const { code, name, timeZone, currency, phone, website, branches, stops } = policy;
  return {
    code,
    name,
    language: policy.language,
    timeZone,
    currency,
    phone,
    website,
    cardExample: policy.card.example,
    contacts: policy.holds.contacts,
    places: [
      ...branches.map((each) => ({ ...each, kind: 'branch' as const })),
      ...stops.map((each) => ({ ...each, kind: 'stop' as const })),
    ],
  };
}

/** The libraries of this installation, for everyone. */
export function libraryRoutes(deps: ApiDeps): Route[] {
  const all = () => deps.policies.all().map(described);

  return [
    route({
      method: 'get',
      path: '/v1/libraries',
      summary: 'The libraries, their places and hours',
      access: 'public',
      responses: { 200: { description: 'All of them.', body: z.strictObject({ items: z.array(library) }) } },
    }).handle(async () => ({ status: 200, body: { items: all() } })),
    route({
      method: 'get',
      path: '/v1/libraries/:code',
      summary: 'One library, its places and hours',
      access: 'public',
      params: z.strictObject({ code: libraryCode }),
      responses: { 200: { description: 'The library.', body: library } },
    }).handle(async ({ params }) => {
      if (!deps.policies.has(params.code)) throw problem('not-found');
      return { status: 200, body: described(deps.policies.get(params.code)) };
    }),
  ];
}
