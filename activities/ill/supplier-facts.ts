import { Temporal } from 'temporal-polyfill';
import { type IllFormRow, type IllRequest, Patron, SupplyRequest } from '../../db/entities/index.ts';
import { findHoldings, type HoldingFound } from '../../db/queries/holdings.ts';
import { bind } from '../../db/personal-data/personal-table.ts';
import type { Tx } from '../../db/transaction.ts';
import { civilDay, openingOn } from '../../domain/calendar.ts';
import { covers } from '../../domain/coverage.ts';
import type { IllForm } from '../../domain/ill.ts';
import { asksReader, converted, priceOfRequest, pricesOf, termsWith } from '../../domain/ill-prices.ts';
import type { LibraryPolicy } from '../../domain/policy.ts';
import { type IllPolicy } from '../../domain/policy-ill.ts';
import { type SupplierPolicy, supplierOf, type SuppliersPolicy } from '../../domain/policy-suppliers.ts';
import type { Held, SupplierFacts } from '../../domain/supplier-order.ts';
import { keysOfWanted, matchOf } from '../../domain/work-keys.ts';
import { textArray } from '../reconciliation/text-array.ts';

type Wanted = Pick<IllRequest, 'id' | 'library' | 'patronId' | 'service' | 'literature' | 'onBehalfOf'>;
type Form = Pick<IllFormRow, 'content' | 'limit'>;
type Ready = LibraryPolicy & { readonly ill: IllPolicy };

/** Under what a form's work is looked for among holdings. */
export function keysOfForm(content: IllForm): string[] {
  return keysOfWanted({
    title: content.title,
    author: content.author,
    isbns: content.isbn ? [content.isbn] : [],
    issns: content.issn ? [content.issn] : [],
    doi: content.component ? undefined : content.doi,
    oclc: content.oclc,
  });
}

interface PeerRow {
  readonly peer: string;
  readonly tried: boolean;
  readonly lineDown: boolean;
  readonly refusedLately: boolean;
  readonly open: number;
  readonly suppliedUs: number;
  readonly suppliedThem: number;
}

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
  from unnest(:peers::text[]) as given(peer)`;

/** Civil durations back from a moment, in the library's zone. */
function before(at: Date, by: string, timeZone: string): Date {
  const zoned = Temporal.Instant.fromEpochMilliseconds(at.getTime()).toZonedDateTimeISO(timeZone);
  return new Date(zoned.subtract(Temporal.Duration.from(by)).epochMilliseconds);
}

async function readPeers(tx: Tx, policy: Ready, request: Wanted, { content }: Form, at: Date) {
  const { suppliers, peers } = policy.ill;
  const { text, values } = bind(peerFacts, {
    request: request.id,
    library: request.library,
    refused: before(at, suppliers.refusedWithin, policy.timeZone),
    since: before(at, suppliers.countedOver, policy.timeZone),
    isbn: content.isbn ?? '',
    title: content.title,
    component: content.component ?? '',
    volume: content.volume ?? '',
    peers: textArray(peers.map(({ code }) => code)),
  });
  const rows = await tx.execute<PeerRow[]>(text, values);
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

/** A peer works on all days that the policy does not except. */
export function isClosed(policy: LibraryPolicy, { closedOn, closures }: SupplierPolicy, at: Date): boolean {
  const [branch] = policy.branches;
  if (!branch) return false;
  const always = { opens: '00:00', closes: '24:00' };
  const hours = Object.fromEntries(
    Object.keys(branch.hours).map((day) => [day, (closedOn as string[]).includes(day) ? null : always]),
  ) as typeof branch.hours;
  const calendar = { timeZone: policy.timeZone, branches: [{ ...branch, hours }], stops: [], closures };
  const day = civilDay(policy, Temporal.Instant.fromEpochMilliseconds(at.getTime()));
  return openingOn(calendar, [], branch.code, day) === undefined;
}

/** What a peer usually charges, as it states it; undefined: nobody knows. */
export function statedPrice(
  policy: Pick<LibraryPolicy, 'currency'>,
  { priceMinor }: SupplierPolicy,
  service: Wanted['service'],
): { readonly amountMinor: number; readonly currency: string } | undefined {
  const amountMinor = priceMinor?.[service];
  if (amountMinor === undefined) return undefined;
  return { amountMinor, currency: priceMinor?.currency ?? policy.currency };
}

/** In the library's currency; undefined where it has no rate. */
function ownPrice(policy: LibraryPolicy, stated: ReturnType<typeof statedPrice>): number | undefined {
  if (stated === undefined || stated.currency === policy.currency) return stated?.amountMinor;
  const rate = pricesOf(policy).rates.find(({ currency }) => currency === stated.currency)?.rate;
  return (rate && converted(stated.amountMinor, stated.currency, policy.currency, rate)) || undefined;
}

interface Known {
  readonly request: Wanted;
  readonly form: Form;
  readonly userGroup: string;
  readonly asking: string | undefined;
  readonly holdings: readonly HoldingFound[];
  readonly rows: ReadonlyMap<string, PeerRow>;
}

function factsOf(
  policy: Ready,
  suppliers: SuppliersPolicy,
  known: Known,
  code: string,
  at: Date,
): SupplierFacts {
  const { request, form, userGroup, rows } = known;
  const supplier = supplierOf(suppliers, code);
  const stated = statedPrice(policy, supplier, request.service);
  const price = priceOfRequest(policy, {
    service: request.service,
    literature: request.literature,
    userGroup,
    peer: code,
    costMinor: stated?.amountMinor,
    currency: stated?.currency,
  });
  const priceMinor = ownPrice(policy, stated);
  const row = rows.get(code);
  return {
    peer: code,
    supplier,
    held: heldBy(policy, known, code, at),
    tried: row?.tried ?? false,
    asking:
      code === known.asking || policy.ill.peers.find((each) => each.code === code)?.library === policy.code,
    closedToday: isClosed(policy, supplier, at),
    lineDown: row?.lineDown ?? false,
    refusedLately: row?.refusedLately ?? false,
    free: termsWith(policy, code) !== 'account',
    ...(priceMinor !== undefined && { priceMinor }),
    overLimit: form.limit != null && !('refused' in price) && asksReader(price, form.limit),
    open: row?.open ?? 0,
    suppliedUs: row?.suppliedUs ?? 0,
    suppliedThem: row?.suppliedThem ?? 0,
  };
}

function heldBy(policy: Ready, { form, holdings }: Known, code: string, at: Date): Held[] {
  const wanted = keysOfForm(form.content);
  const today = civilDay(policy, Temporal.Instant.fromEpochMilliseconds(at.getTime()));
  const { anyEdition } = form.content;
  return holdings
    .filter(({ peer, keys }) => peer === code && matchOf(wanted, keys, { anyEdition }) !== 'none')
    .map(({ callNumber, recordId, coverage, lendable, copyable }) => ({
      ...(callNumber !== null && { callNumber }),
      ...(recordId !== null && { recordId }),
      coverage: covers(coverage, form.content, today),
      lendable,
      copyable,
    }));
}

/** What is known of every peer with regard to a request, in the order of the policy; `at` decides about closed days and embargoes. */
export async function supplierFacts(
  tx: Tx,
  policy: Ready,
  request: Wanted,
  form: Form,
  at: Date,
): Promise<readonly SupplierFacts[]> {
  const { suppliers, peers } = policy.ill;
  const known: Known = {
    request,
    form,
    userGroup: await userGroupOf(tx, request),
    asking: await askingPeer(tx, request),
    holdings: await findHoldings(tx, request.library, keysOfForm(form.content)),
    rows: await readPeers(tx, policy, request, form, at),
  };
  return peers.map(({ code }) => factsOf(policy, suppliers, known, code, at));
}
