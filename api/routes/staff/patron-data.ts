import { z } from 'zod';
import { Patron } from '../../../db/entities/index.ts';
import { dataOf } from '../../../db/patron-data.ts';
import { patronChanges } from '../../../db/queries/patron-changes.ts';
import { reader } from '../../../db/transaction.ts';
import { type PatronData, versionOf } from '../../../domain/patron-data.ts';
import { beyondTheirPart, fieldsOf } from '../../../domain/patron-edits.ts';
import { noticeChoices } from '../../../domain/notice-preferences.ts';
import { permissionOf } from '../../../domain/permissions.ts';
import type { LibraryPolicy } from '../../../domain/policy.ts';
import { answer } from '../../answer.ts';
import { patronChangeBody, patronDataBody } from '../../bodies/patron-data.ts';
import type { StaffCaller } from '../../caller.ts';
import type { ApiDeps } from '../../deps.ts';
import { etagOf, ifMatch, versionSeen } from '../../if-match.ts';
import { pageHeaders, pageOf, pageQuery, readCursor } from '../../pages.ts';
import { keepChange } from '../../patron-changes.ts';
import { problem } from '../../problem.ts';
import type { InputError } from '../../problem.ts';
import { keepIfAny } from '../../remarks.ts';
import type { Route } from '../../route.ts';
import { route } from '../../route.ts';
import { acceptedResponse } from '../../schemas/accepted.ts';
import { dataChange, patronChange, patronData } from '../../schemas/patron-data.ts';
import { id } from '../../schemas/values.ts';
import { createWords } from '../../words.ts';
import { pageFrom } from './paging.ts';

const params = z.strictObject({ id });

type Wanted = Partial<PatronData>;

const headers = { ETag: 'The version of the data, for `If-Match`.' };

const mistakes = (pointers: readonly string[]): InputError[] =>
  pointers.map((pointer) => ({ in: 'body', pointer, code: 'invalid-input' }));

/** What in a change the library does not have: user groups, permissions, choices about notices. Throws 422 with all of it. */
export function requireKnown(policy: LibraryPolicy, wanted: Wanted): void {
  const { userGroup, permissions = [], noticePreferences = {} } = wanted;
  const choices: readonly string[] = noticeChoices(policy);
  const unknown = [
    ...(userGroup !== undefined && !policy.userGroups.some(({ code }) => code === userGroup)
      ? ['/userGroup']
      : []),
    ...permissions.flatMap((code, at) => (permissionOf(policy, code) ? [] : [`/permissions/${at}`])),
    ...Object.keys(noticePreferences)
      .filter((kind) => !choices.includes(kind))
      .map((kind) => `/noticePreferences/${kind}`),
  ];
  if (unknown.length > 0) throw problem('invalid-input', {}, { errors: mistakes(unknown) });
}

/** What staff keep about a reader, and who changed it (A6, A12): each role its part. */
export function patronDataRoutes(deps: ApiDeps): Route[] {
  const wordsFor = createWords(deps);

  const find = async ({ library }: StaffCaller, patronId: string): Promise<Patron> => {
    const patron = await reader(deps.orm).findOne(Patron, { id: patronId, library, erasedAt: null });
    if (!patron) throw problem('patron-unknown');
    return patron;
  };

  /** Throws 403 with every field, and every permission, that is not these roles' business. */
  const requirePart = (policy: LibraryPolicy, { roles }: StaffCaller, patron: Patron, wanted: Wanted) => {
    const fields: readonly string[] = fieldsOf(policy.edits, roles);
    const others = Object.keys(wanted).filter((field) => !fields.includes(field));
    const { permissions } = wanted;
    const denied = permissions ? beyondTheirPart(policy, roles, patron.permissions, permissions) : [];
    const pointers = [...others.map((field) => `/${field}`), ...(denied.length > 0 ? ['/permissions'] : [])];
    const errors = [...new Set(pointers)].map((pointer): InputError => ({
      in: 'body',
      pointer,
      code: 'forbidden',
    }));
    if (errors.length > 0) throw problem('forbidden', {}, { errors });
  };

  const shown = async (caller: StaffCaller, patronId: string, language: PatronData['language']) => {
    const patron = await find(caller, patronId);
    const words = wordsFor(caller.library, language);
    return {
      status: 200 as const,
      headers: { ETag: etagOf(versionOf(dataOf(patron))) },
      body: patronDataBody(patron, fieldsOf(words.policy.edits, caller.roles), words),
    };
  };

  const access = ['desk', 'ill-librarian', 'cashier'] as const;

  return [
    route({
      method: 'get',
      path: '/v1/staff/patrons/:id/data',
      summary: 'What is kept about a reader, and which of it you may change (A6, A13)',
      access,
      params,
      problems: ['patron-unknown'],
      responses: { 200: { description: 'The data.', body: patronData, headers } },
    }).handle(({ caller, params: { id: patronId }, language }) => shown(caller, patronId, language)),
    route({
      method: 'patch',
      path: '/v1/staff/patrons/:id/data',
      summary: 'Change a reader’s data (A6, A12)',
      description:
        'What is left out stays. All of it is changed, or nothing. Each change is kept with what stood there before; permissions are given as the whole list.',
      access,
      idempotent: true,
      params,
      headers: ifMatch,
      body: dataChange,
      problems: [
        'patron-unknown',
        'patron-closed',
        'login-taken',
        'precondition-required',
        'precondition-failed',
        'engine-unavailable',
      ],
      responses: {
        200: { description: 'The data as it is now.', body: patronData, headers },
        202: acceptedResponse,
      },
    }).handle(async ({ caller, params: { id: patronId }, headers: given, body, key, language, now }) => {
      const { library, actor } = caller;
      const { note, ...wanted } = body;
      const patron = await find(caller, patronId);
      const seen = versionSeen(given);
      const policy = deps.policies.get(library);
      requirePart(policy, caller, patron, wanted as Wanted);
      requireKnown(policy, wanted as Wanted);
      const { remarkId } = await keepIfAny(deps.orm, caller, { subject: key.id, text: note, now });
      await keepChange(deps.orm, { id: key.id, library, patronId, actor, wanted, seen, remarkId, now });
      const changed = deps.commands.run('changePatron', { changeId: key.id }, key.id, { library, patronId });
      return answer(changed, `/v1/staff/patrons/${patronId}/data`, () => shown(caller, patronId, language));
    }),
    route({
      method: 'get',
      path: '/v1/staff/patrons/:id/changes',
      summary: 'Who changed what of a reader’s data, from what to what (A12)',
      access: ['administrator'],
      params,
      query: pageQuery,
      problems: ['patron-unknown'],
      responses: {
        200: { description: 'A page, the latest first.', body: pageOf(patronChange), headers: pageHeaders },
      },
    }).handle(async ({ caller, params: { id: patronId }, query, language }) => {
      await find(caller, patronId);
      const before = readCursor(query.cursor);
      const found = await patronChanges(deps.orm, caller.library, { patronId, limit: query.limit, before });
      const words = wordsFor(caller.library, language);
      return pageFrom(
        { path: `/v1/staff/patrons/${patronId}/changes`, query },
        found,
        (row) => ({ at: row.at, id: row.id }),
        (row) => patronChangeBody(row, words),
      );
    }),
  ];
}
