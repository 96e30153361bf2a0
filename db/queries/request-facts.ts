import type { IllForm, IllState } from '../../domain/ill.ts';
import type { TitleFacts } from '../../domain/holdable.ts';
import { isHeld, mainTitle, wantedNumbers } from '../../domain/held-here.ts';
import type { Kind } from '../../domain/kinds.ts';
import type { Tx } from '../transaction.ts';
import { epochMs } from '../prepared.ts';
import { titleFactsColumn } from './title-facts.ts';

const texts = (values: readonly string[]): string =>
  `{${values.map((text) => JSON.stringify(text)).join(',')}}`;

/** How much a reader has asked for: open requests, and those submitted since an instant, the oldest first; epoch milliseconds. */
export interface RequestCounts {
  readonly open: number;
  readonly submitted: readonly number[];
}

/** Read under the reader's lock where it decides, so that two requests at the same instant see each other. */
export async function requestCounts(
  tx: Tx,
  patronId: string,
  since: Date | undefined,
): Promise<RequestCounts> {
  const [row] = await tx.execute<RequestCounts[]>(
    `select count(*) filter (where ended_at is null)::int as open,
       coalesce(jsonb_agg(${epochMs('submitted_at')} order by submitted_at) filter (where submitted_at >= ?::timestamptz and state not in ('rejected', 'cancelled')), '[]') as submitted
     from ill_request where patron_id = ? and (ended_at is null or submitted_at >= ?::timestamptz)`,
    [since ?? null, patronId, since ?? null],
  );
  return row ?? { open: 0, submitted: [] };
}

/** A request that is likely for the same. */
export interface LikelyRequest {
  readonly id: string;
  readonly number: string;
  readonly state: IllState;
  readonly submittedAt: number;
  readonly patronId: string | null;
  readonly beneficiary: string | null;
}

/** Requests of the library for one of the same works that are open, or were filled since an instant; the latest first. */
export function likelyRequests(
  tx: Tx,
  { library, keys, since, except }: { library: string; keys: readonly string[]; since: Date; except: string },
): Promise<LikelyRequest[]> {
  return tx.execute(
    `select request.id, request.number, request.state, ${epochMs('request.submitted_at')} as "submittedAt", request.patron_id as "patronId", form.beneficiary
     from ill_form form join ill_request request on request.form_id = form.id
     where form.work_keys && ?::text[] and form.library = ? and request.id <> ? and request.on_behalf_of is null
       and (request.ended_at is null or (request.state = 'completed' and request.submitted_at >= ?))
     order by request.submitted_at desc limit 20`,
    [texts(keys), library, except, since],
  );
}

/** A title of the own catalogue that is what somebody wants from elsewhere. */
export interface HeldTitle {
  readonly id: string;
  readonly kind: Kind;
  readonly title: string;
  readonly author: string | null;
  readonly isbns: readonly string[];
  readonly issns: readonly string[];
  readonly facts: TitleFacts;
}

const byNumber = '(isbns || issns) && ?::text[]';
const byTitle = '(search_grams(search_text) @> search_grams(?) and strpos(search_text, ?) > 0)';

/** What the library itself has of a form's work, by standard number and title; at most five. */
export async function heldHere(tx: Tx, library: string, work: IllForm): Promise<HeldTitle[]> {
  const title = mainTitle(work.title);
  const numbers = wantedNumbers(work);
  if (title === '' && numbers.length === 0) return [];
  const rows = await tx.execute<HeldTitle[]>(
    `select id, kind, title, author, isbns, issns, ${titleFactsColumn} as facts from (
       select * from title where library = ? and kind <> 'ill' and (${byNumber} or ${byTitle})
       order by ${byNumber} desc, length(title) limit 20) title`,
    [library, texts(numbers), title, title, texts(numbers)],
  );
  return rows.filter((row) => isHeld(row, work)).slice(0, 5);
}
