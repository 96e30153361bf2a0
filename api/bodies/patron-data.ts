import type { z } from 'zod';
import type { PatronChangeRow } from '../../db/queries/patron-changes.ts';
import type { Patron } from '../../db/entities/index.ts';
import { dataOf } from '../../db/patron-data.ts';
import { deliveryFor, noticeChoices } from '../../domain/notice-preferences.ts';
import { type PatronData, pick } from '../../domain/patron-data.ts';
import { permissionsShown } from '../../domain/permissions.ts';
import { choosable, type PatronField, patronFields } from '../../domain/policy-accounts.ts';
import type { ownData, patronChange, patronData } from '../schemas/patron-data.ts';
import { iso } from '../schemas/values.ts';
import type { Words } from '../words.ts';
import { actorOf, noticeText } from './story.ts';

export function patronDataBody(
  patron: Patron,
  may: readonly PatronField[],
  { policy, language }: Words,
): z.input<typeof patronData> {
  const { id, card } = patron;
  const data = dataOf(patron);
  return {
    id,
    card,
    ...data,
    permissions: [...data.permissions],
    permissionsShown: permissionsShown(data, policy, language),
    may: [...may],
  };
}

export function ownDataBody(patron: Patron, words: Words): z.input<typeof ownData> {
  const { policy } = words;
  const data = dataOf(patron);
  const choices = noticeChoices(policy);
  return {
    id: patron.id,
    card: patron.card,
    name: data.name,
    birthDate: data.birthDate,
    phone: data.phone,
    language: data.language,
    login: data.login,
    userGroup: data.userGroup,
    expiresOn: data.expiresOn,
    noticePreferences: data.noticePreferences,
    email: patron.email ?? null,
    emailState: patron.emailState,
    may: [...policy.edits.reader],
    notices: choosable.map((kind) => ({
      kind,
      kindText: noticeText(words, kind),
      way: deliveryFor(policy, kind, data.noticePreferences),
      mayChoose: choices.includes(kind),
    })),
  };
}

export function patronChangeBody(row: PatronChangeRow, words: Words): z.input<typeof patronChange> {
  const { kind: role, name: by } = actorOf(words, row.actor, row.actorName);
  const fields = patronFields.filter((field) => row.fields.includes(field));
  const after = ('data' in row.wanted ? row.wanted['data'] : row.wanted) as Partial<PatronData>;
  return {
    id: row.id,
    at: iso(row.at),
    by,
    role,
    fields: [...row.fields],
    before: row.before,
    after: pick(after, fields),
    note: row.note,
  };
}
