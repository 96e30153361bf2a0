import { Patron } from '../../db/entities/index.ts';
import { dataOf } from '../../db/patron-data.ts';
import { reader } from '../../db/transaction.ts';
import { noticeChoices } from '../../domain/notice-preferences.ts';
import { versionOf } from '../../domain/patron-data.ts';
import { answer } from '../answer.ts';
import { ownDataBody } from '../bodies/patron-data.ts';
import type { PatronCaller } from '../caller.ts';
import type { ApiDeps } from '../deps.ts';
import { etagOf, ifMatch, versionSeen } from '../if-match.ts';
import { keepChange } from '../patron-changes.ts';
import { problem } from '../problem.ts';
import type { InputError } from '../problem.ts';
import type { Route } from '../route.ts';
import { route } from '../route.ts';
import { acceptedResponse } from '../schemas/accepted.ts';
import { ownData, ownDataChange } from '../schemas/patron-data.ts';
import { createWords } from '../words.ts';

const headers = { ETag: 'The version of the data, for `If-Match`.' };

/** The reader's own page (A12): what the library keeps, and what of it readers change themselves. */
export function detailRoutes(deps: ApiDeps): Route[] {
  const wordsFor = createWords(deps);

  const shown = async (caller: PatronCaller) => {
    const patron = await reader(deps.orm).findOne(Patron, { id: caller.id });
    if (!patron) throw problem('patron-unknown');
    return {
      status: 200 as const,
      headers: { ETag: etagOf(versionOf(dataOf(patron))) },
      body: ownDataBody(patron, wordsFor(caller.library, patron.language)),
    };
  };

  /** Throws 403 for what the library keeps to itself, and for notices about which there is no choice. */
  const requireOwn = (library: string, wanted: object) => {
    const policy = deps.policies.get(library);
    const fields: readonly string[] = policy.edits.reader;
    const choices: readonly string[] = noticeChoices(policy);
    const chosen = 'noticePreferences' in wanted ? Object.keys(wanted.noticePreferences as object) : [];
    const pointers = [
      ...Object.keys(wanted)
        .filter((field) => !fields.includes(field))
        .map((field) => `/${field}`),
      ...chosen.filter((kind) => !choices.includes(kind)).map((kind) => `/noticePreferences/${kind}`),
    ];
    const errors = pointers.map((pointer): InputError => ({ in: 'body', pointer, code: 'forbidden' }));
    if (errors.length > 0) throw problem('forbidden', {}, { errors });
  };

  return [
    route({
      method: 'get',
      path: '/v1/me/details',
      summary: 'The reader’s own data, and what of it they may change (A12)',
      access: 'patron',
      responses: { 200: { description: 'The data.', body: ownData, headers } },
    }).handle(({ caller }) => shown(caller)),
    route({
      method: 'patch',
      path: '/v1/me/details',
      summary: 'Change one’s own data (A12)',
      description:
        'What is left out stays; `noticePreferences` is the whole choice. What the library must send goes by mail whatever is chosen.',
      access: 'patron',
      idempotent: true,
      headers: ifMatch,
      body: ownDataChange,
      problems: [
        'forbidden',
        'patron-closed',
        'precondition-required',
        'precondition-failed',
        'engine-unavailable',
      ],
      responses: {
        200: { description: 'The data as it is now.', body: ownData, headers },
        202: acceptedResponse,
      },
    }).handle(async ({ caller, headers: given, body: wanted, key, now }) => {
      const { library, actor, id: patronId } = caller;
      const seen = versionSeen(given);
      requireOwn(library, wanted);
      await keepChange(deps.orm, { id: key.id, library, patronId, actor, wanted, seen, now });
      const changed = deps.commands.run('changePatron', { changeId: key.id }, key.id, { library, patronId });
      return answer(changed, '/v1/me/details', () => shown(caller));
    }),
  ];
}
