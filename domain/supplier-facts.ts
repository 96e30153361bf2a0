import type { Temporal } from 'temporal-polyfill';
import { civilDay, openingOn } from './calendar.ts';
import { type Coverage, covers } from './coverage.ts';
import type { IllForm, IllService, LiteratureType } from './ill.ts';
import { asksReader, converted, priceOfRequest, pricesOf, termsWith } from './ill-prices.ts';
import type { LibraryPolicy } from './policy.ts';
import type { IllPolicy } from './policy-ill.ts';
import { type SupplierPolicy, supplierOf } from './policy-suppliers.ts';
import type { Held, SupplierFacts } from './supplier-order.ts';
import { keysOfWanted, matchOf } from './work-keys.ts';

/** A library that asks others. */
export type AskingPolicy = LibraryPolicy & { readonly ill: IllPolicy };

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

/** A statement that a peer has something, as far as a choice needs it. */
export interface HoldingFound {
  readonly peer: string;
  readonly keys: readonly string[];
  readonly callNumber: string | null;
  readonly recordId: string | null;
  readonly coverage: readonly Coverage[] | null;
  readonly lendable: boolean;
  readonly copyable: boolean;
}

/** What the database knows of a peer with regard to a request; the words are those of `SupplierFacts`. */
export interface PeerCounts extends Pick<
  SupplierFacts,
  'peer' | 'tried' | 'lineDown' | 'refusedLately' | 'open' | 'suppliedUs' | 'suppliedThem'
> {}

/** A peer works on all days that the policy does not except. */
export function isClosed(
  policy: LibraryPolicy,
  { closedOn, closures }: SupplierPolicy,
  at: Temporal.Instant,
): boolean {
  const [branch] = policy.branches;
  if (!branch) return false;
  const always = { opens: '00:00', closes: '24:00' };
  const hours = Object.fromEntries(
    Object.keys(branch.hours).map((day) => [day, (closedOn as string[]).includes(day) ? null : always]),
  ) as typeof branch.hours;
  const calendar = { timeZone: policy.timeZone, branches: [{ ...branch, hours }], stops: [], closures };
  const day = civilDay(policy, at);
  return openingOn(calendar, [], branch.code, day) === undefined;
}

/** What a peer usually charges, as it states it; undefined: nobody knows. */
export function statedPrice(
  policy: Pick<LibraryPolicy, 'currency'>,
  { priceMinor }: SupplierPolicy,
  service: IllService,
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

/** What is known about a request and its suppliers before each is judged. */
export interface Known {
  readonly service: IllService;
  readonly literature: LiteratureType;
  readonly content: IllForm;
  /** The most the reader pays unasked, in minor units; null: they are asked about any price, or nobody is. */
  readonly limit: bigint | null;
  readonly userGroup: string;
  /** The peer for which the request is made. */
  readonly asking: string | undefined;
  readonly holdings: readonly HoldingFound[];
  readonly rows: ReadonlyMap<string, PeerCounts>;
}

/** All that matters about one peer; `at` decides about closed days and embargoes. */
export function factsOf(
  policy: AskingPolicy,
  known: Known,
  code: string,
  at: Temporal.Instant,
): SupplierFacts {
  const { service, literature, limit, userGroup, rows } = known;
  const supplier = supplierOf(policy.ill.suppliers, code);
  const stated = statedPrice(policy, supplier, service);
  const price = priceOfRequest(policy, {
    service,
    literature,
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
    overLimit: limit !== null && !('refused' in price) && asksReader(price, limit),
    open: row?.open ?? 0,
    suppliedUs: row?.suppliedUs ?? 0,
    suppliedThem: row?.suppliedThem ?? 0,
  };
}

function heldBy(
  policy: AskingPolicy,
  { content, holdings }: Known,
  code: string,
  at: Temporal.Instant,
): Held[] {
  const wanted = keysOfForm(content);
  const today = civilDay(policy, at);
  const { anyEdition } = content;
  return holdings
    .filter(({ peer, keys }) => peer === code && matchOf(wanted, keys, { anyEdition }) !== 'none')
    .map(({ callNumber, recordId, coverage, lendable, copyable }) => ({
      ...(callNumber !== null && { callNumber }),
      ...(recordId !== null && { recordId }),
      coverage: covers(coverage, content, today),
      lendable,
      copyable,
    }));
}
