import { defineEntity, type InferEntity, p } from '@mikro-orm/core';
import type { Actor } from '../../domain/roles.ts';

/**
 * A change of a reader's data: `wanted` as it was submitted, and, once it is applied, what stood in the changed fields `before` (A12). Erasure empties both and
 * leaves `fields`.
 */
export const PatronChange = defineEntity({
  name: 'PatronChange',
  properties: {
    id: p.uuid().primary(),
    library: p.string(),
    patronId: p.uuid(),
    actor: p.string().$type<Actor>(),
    wanted: p.json<Record<string, unknown>>(),
    /** The version of the reader's data that whoever wants the change has seen; null: any. */
    seen: p.string().nullable(),
    remarkId: p.uuid().nullable(),
    submittedAt: p.datetime(),
    before: p.json<Record<string, unknown>>().nullable(),
    fields: p.array().nullable(),
    appliedAt: p.datetime().nullable(),
  },
});
export type PatronChange = InferEntity<typeof PatronChange>;

/** Everything held about a reader was handed out. */
export const DataExport = defineEntity({
  name: 'DataExport',
  properties: {
    id: p.uuid().primary(),
    library: p.string(),
    patronId: p.uuid(),
    actor: p.string().$type<Actor>(),
    at: p.datetime(),
  },
});

/** A reader was erased; append-only. How many rows of each table it touched stands in the event. */
export const Erasure = defineEntity({
  name: 'Erasure',
  properties: {
    id: p.uuid().primary(),
    library: p.string(),
    patronId: p.uuid(),
    actor: p.string().$type<Actor>(),
    at: p.datetime(),
  },
});
