import type { MikroORM } from '@mikro-orm/postgresql';
import type { IllService } from '../../domain/ill.ts';
import { rowsOf, type Statement } from '../prepared.ts';

interface Period {
  readonly library: string;
  readonly from: Date;
  /** Not included. */
  readonly to: Date;
}

/** What became of the requests of a service that were submitted in a period. Hours are elapsed time; null where nothing was filled. */
export interface ServiceFigures {
  readonly service: IllService;
  readonly submitted: number;
  readonly filled: number;
  readonly unfilled: number;
  readonly rejected: number;
  readonly cancelled: number;
  readonly lost: number;
  readonly open: number;
  /** Open past the time in which it is usually there, or filled only after it (I12). */
  readonly late: number;
  /** From submission until it was here, or on its way to the reader: the median, and nine of ten. */
  readonly hoursMedian: number | null;
  readonly hoursNinety: number | null;
  readonly suppliersAsked: number;
}

const arrived = 'coalesce(received_at, shipped_at)';
const filled = `(${arrived} is not null and state not in ('cancelled', 'unfilled', 'rejected'))`;
const hours = `extract(epoch from ${arrived} - submitted_at) / 3600`;

const byService: Statement = {
  name: 'request-figures',
  text: `select service, count(*)::int as submitted, count(*) filter (where ${filled})::int as filled,
      count(*) filter (where state = 'unfilled')::int as unfilled, count(*) filter (where state = 'rejected')::int as rejected,
      count(*) filter (where state = 'cancelled')::int as cancelled, count(*) filter (where state = 'lost')::int as lost,
      count(*) filter (where ended_at is null)::int as open, count(*) filter (where late_at < coalesce(${arrived}, ended_at, $4))::int as late,
      percentile_cont(0.5) within group (order by ${hours}) filter (where ${filled})::float8 as "hoursMedian",
      percentile_cont(0.9) within group (order by ${hours}) filter (where ${filled})::float8 as "hoursNinety",
      coalesce(sum((select count(*) from ill_attempt where request_id = request.id)), 0)::int as "suppliersAsked"
    from ill_request request where library = $1 and submitted_at >= $2 and submitted_at < $3 and on_behalf_of is null
    group by service order by service`,
};

export function figuresByService(
  orm: MikroORM,
  { library, from, to }: Period,
  now: Date,
): Promise<ServiceFigures[]> {
  return rowsOf(orm, byService, [library, from, to, now]);
}

/** How a supplier answered what it was asked for in a period. */
export interface SupplierFigures {
  readonly peer: string;
  readonly asked: number;
  readonly filled: number;
  readonly unfilled: number;
  readonly noAnswer: number;
  readonly open: number;
  /** From asking until the supplier was done with it or had shipped. */
  readonly hoursMedian: number | null;
  readonly cost: number;
}

const bySupplier: Statement = {
  name: 'supplier-figures',
  text: `select attempt.peer, count(*)::int as asked,
      count(*) filter (where attempt.outcome = 'completed' or (attempt.outcome in ('open', 'lost') and request.shipped_at is not null and request.attempt_id = attempt.id))::int as filled,
      count(*) filter (where attempt.outcome in ('unfilled', 'refused', 'retry'))::int as unfilled,
      count(*) filter (where attempt.outcome in ('no-answer', 'not-sent'))::int as "noAnswer", count(*) filter (where attempt.outcome = 'open')::int as open,
      percentile_cont(0.5) within group (order by extract(epoch from
        coalesce(case when request.attempt_id = attempt.id then request.shipped_at end, attempt.ended_at) - attempt.sent_at) / 3600)::float8 as "hoursMedian",
      coalesce(sum(attempt.cost_minor) filter (where attempt.currency is null or attempt.currency = $4), 0)::float8 as cost
    from ill_attempt attempt join ill_request request on request.id = attempt.request_id
    where attempt.library = $1 and attempt.sent_at >= $2 and attempt.sent_at < $3 group by attempt.peer order by asked desc, attempt.peer`,
};

/** @param currency the library's: what was charged in others is not added to it */
export function figuresBySupplier(
  orm: MikroORM,
  { library, from, to }: Period,
  currency: string,
): Promise<SupplierFigures[]> {
  return rowsOf(orm, bySupplier, [library, from, to, currency]);
}
