import { Temporal } from 'temporal-polyfill';
import { factsOf, keysOfForm, type AskingPolicy, type PeerCounts } from '../../domain/supplier-facts.ts';
import { orderSuppliers, type RankedSupplier } from '../../domain/supplier-order.ts';
import { type IllFormRow, type IllRequest, Patron, SupplyRequest } from '../entities/index.ts';
import { bind } from '../personal-data/personal-table.ts';
import type { Tx } from '../transaction.ts';
import { findHoldings } from './holdings.ts';

type Wanted = Pick<IllRequest, 'id' | 'library' | 'patronId' | 'service' | 'literature' | 'onBehalfOf'>;
type Form = Pick<IllFormRow, 'content' | 'limit'>;

const peerFacts = `
  select given.peer,
    exists (select from ill_attempt where request_id = :request and peer = given.peer) as tried,
    exists (select from ill_peer line where line.library = :library and line.code = given.peer
      and (line.failing_since is not null or line.paused_at is not null)) as "lineDown",
    exists (select from ill_attempt attempt join ill_request other on other.id = attempt.request_id join ill_form form on form.id = other.form_id
      where attempt.library = :library and attempt.peer = given.peer and attempt.outcome = 'unfilled' and attempt.ended_at > :refused
        and (form.content->>'isbn' = :isbn or lower(other.title) = lower(:title))
        and coalesce(form.content->>'component', '') = :component and coalesce(form.content->>'volume', '') = :volume) as "refusedLately",
    (select count(*) from ill_attempt where library = :library and peer = given.peer and outcome = 'open')::int as open,
    (select count(*) from ill_attempt where library = :library and peer = given.peer and sent_at > :since
      and (outcome = 'completed' or status in ('Loaned', 'Overdue', 'Recalled', 'CopyCompleted', 'LoanCompleted')))::int as "suppliedUs",
    (select count(*) from supply_request where library = :library and peer = given.peer and shipped_at > :since)::int as "suppliedThem"
  from unnest(array(select jsonb_array_elements_text(:peers::jsonb))) as given(peer)`;

/** Civil durations back from a moment, in the library's zone. */
function before(at: Date, by: string, timeZone: string): Date {
  const zoned = Temporal.Instant.fromEpochMilliseconds(at.getTime()).toZonedDateTimeISO(timeZone);
  return new Date(zoned.subtract(Temporal.Duration.from(by)).epochMilliseconds);
}

async function readPeers(
  tx: Tx,
  { ill: { suppliers, peers }, timeZone }: AskingPolicy,
  request: Wanted,
  { content }: Form,
  at: Date,
): Promise<ReadonlyMap<string, PeerCounts>> {
  const { text, values } = bind(peerFacts, {
    request: request.id,
    library: request.library,
    refused: before(at, suppliers.refusedWithin, timeZone),
    since: before(at, suppliers.countedOver, timeZone),
    isbn: content.isbn ?? '',
    title: content.title,
    component: content.component ?? '',
    volume: content.volume ?? '',
    peers: JSON.stringify(peers.map(({ code }) => code)),
  });
  const rows = await tx.execute<PeerCounts[]>(text, values);
  return new Map(rows.map((row) => [row.peer, row]));
}

/** Who made the request that we pass on is never asked for it. */
async function askingPeer(tx: Tx, { onBehalfOf }: Wanted): Promise<string | undefined> {
  if (onBehalfOf == null) return undefined;
  return (await tx.findOne(SupplyRequest, { id: onBehalfOf }))?.peer;
}

async function userGroupOf(tx: Tx, { patronId }: Wanted): Promise<string> {
  if (patronId == null) return '';
  return (await tx.findOne(Patron, { id: patronId }))?.userGroup ?? '';
}

/** Every peer with its place and the reasons for it, those that are not asked last (I10); `at` decides about closed days, embargoes, and how far back is counted. */
export async function rankedSuppliers(
  tx: Tx,
  policy: AskingPolicy,
  request: Wanted,
  form: Form,
  at: Date,
): Promise<readonly RankedSupplier[]> {
  const { suppliers, peers } = policy.ill;
  const known = {
    service: request.service,
    literature: request.literature,
    content: form.content,
    limit: form.limit ?? null,
    userGroup: await userGroupOf(tx, request),
    asking: await askingPeer(tx, request),
    holdings: await findHoldings(tx, request.library, keysOfForm(form.content)),
    rows: await readPeers(tx, policy, request, form, at),
  };
  const now = Temporal.Instant.fromEpochMilliseconds(at.getTime());
  const facts = peers.map(({ code }) => factsOf(policy, known, code, now));
  return orderSuppliers(suppliers, request, facts);
}
