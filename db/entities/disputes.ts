import { defineEntity, type InferEntity, p } from '@mikro-orm/core';
import type { DisputeState } from '../../domain/disputes.ts';
import type { Actor } from '../../domain/roles.ts';

/** A reader's objection to a charge before paying it (P7). The reader's words are a remark; `disputed` is what was open then, in minor units. */
export const Dispute = defineEntity({
  name: 'Dispute',
  properties: {
    id: p.uuid().primary(),
    library: p.string(),
    chargeId: p.uuid(),
    patronId: p.uuid(),
    remarkId: p.uuid(),
    state: p.string().$type<DisputeState>(),
    disputed: p.bigint('bigint'),
    openedAt: p.datetime(),
    decidedAt: p.datetime().nullable(),
    decidedBy: p.string().$type<Actor>().nullable(),
    /** What staff wrote to the decision; the reader is told. */
    decisionRemarkId: p.uuid().nullable(),
  },
});
export type Dispute = InferEntity<typeof Dispute>;
