import type { MikroORM } from '@mikro-orm/postgresql';
import { epochMs, rowsOf, type Statement } from '../prepared.ts';

/** A supplier that was asked for a request. Amounts are minor units of `currency`, instants epoch milliseconds. */
export interface AttemptRow {
  readonly id: string;
  readonly position: number;
  readonly peer: string;
  /** A supplier that is no peer: whom the librarian turned to by other ways. */
  readonly supplier: string | null;
  readonly ourRef: string;
  readonly theirRef: string | null;
  readonly status: string | null;
  readonly outcome: string;
  readonly reason: string | null;
  readonly note: string | null;
  readonly expected: number | null;
  readonly cost: number | null;
  readonly currency: string | null;
  readonly sentAt: number;
  readonly answerBy: number | null;
  readonly dueAt: number | null;
  readonly endedAt: number | null;
  /** On which conditions it would lend, by their codes. */
  readonly conditions: readonly string[];
}

const attempts: Statement = {
  name: 'request-attempts',
  text: `select id, position, peer, supplier, our_ref as "ourRef", their_ref as "theirRef", status, outcome, reason, note, expected_minor::float8 as expected,
      cost_minor::float8 as cost, currency, ${epochMs('sent_at')} as "sentAt", ${epochMs('answer_by')} as "answerBy", ${epochMs('due_at')} as "dueAt",
      ${epochMs('ended_at')} as "endedAt", coalesce(offer -> 'conditions', '[]') as conditions
    from ill_attempt where request_id = $1 order by position`,
};

/** The suppliers that were asked for a request, in order. */
export function attemptsOf(orm: MikroORM, requestId: string): Promise<AttemptRow[]> {
  return rowsOf(orm, attempts, [requestId]);
}
