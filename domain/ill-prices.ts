import { fractionDigits } from './currency.ts';
import type { IllService, LiteratureType } from './ill.ts';
import type { Fee } from './membership.ts';
import type { LibraryPolicy } from './policy.ts';
import {
  type IllPricesPolicy,
  illPricesPolicy,
  type IllSubsidy,
  type IllTerms,
  type SupplyPrice,
} from './policy-ill-prices.ts';
import { refuse, type Refused } from './refusal.ts';

type Pricing = Pick<LibraryPolicy, 'ill' | 'currency'>;

/** What is known of a request when its price is asked; amounts in minor units. */
export interface PricedRequest {
  readonly service: IllService;
  readonly literature?: LiteratureType | undefined;
  readonly userGroup: string;
  /** The supplier, once it is known. */
  readonly peer?: string | undefined;
  /** What the supplier charges or expects to, in `currency`; absent: not known yet. */
  readonly costMinor?: number | undefined;
  /** Absent: the library's own. */
  readonly currency?: string | undefined;
  readonly pages?: number | undefined;
}

export interface RequestPrice {
  /** The reader's share, and what is paid for them; together the whole price. */
  readonly fee: Fee;
  readonly totalMinor: number;
  /** False: pages or the supplier's cost are not known, and more may come on top – up to `atMostMinor`, where there is a limit. */
  readonly exact: boolean;
  readonly atMostMinor?: number;
}

const nothing: IllPricesPolicy = illPricesPolicy.parse({});

/** A library's price list; without one all is free. */
export function pricesOf({ ill }: Pick<LibraryPolicy, 'ill'>): IllPricesPolicy {
  return ill === 'none' ? nothing : ill.prices;
}

/**
 * What a request costs its reader by the library's schedule (I15, I20), in minor units of the library's currency. Refused with `rate-unknown` where the supplier's cost
 * is part of it and the policy has no rate for its currency: then staff state the reader's price.
 */
export function priceOfRequest(policy: Pricing, request: PricedRequest): Refused | RequestPrice {
  const prices = pricesOf(policy);
  const rule = prices.readers.find(
    (each) => fits(prices, each, request) && (each.userGroups?.includes(request.userGroup) ?? true),
  );
  if (!rule) return { fee: { amountMinor: 0, subsidyMinor: 0 }, totalMinor: 0, exact: true };
  const cost = rule.actualCost ? ownCost(policy, prices, request) : 0;
  if (typeof cost === 'object') return cost;
  const known = list(rule, request.pages) + (cost ?? 0);
  const totalMinor = within(rule, known);
  const complete = cost !== undefined && pagesKnown(rule, request.pages);
  const exact = complete || totalMinor === rule.maximumMinor;
  const limited = !exact && rule.maximumMinor !== undefined;
  return {
    fee: share(prices, request, totalMinor),
    totalMinor,
    exact,
    ...(limited && { atMostMinor: share(prices, request, rule.maximumMinor ?? 0).amountMinor }),
  };
}

/**
 * Whether the reader is asked before a price arises (I15): where their share is above the limit they set, or above what they have agreed to since. A limit of null: they
 * want to be asked about any price.
 */
export function asksReader(
  { fee }: Pick<RequestPrice, 'fee'>,
  limitMinor: number | bigint | null | undefined,
  agreedMinor?: number | bigint | null,
): boolean {
  const agreed = Math.max(Number(limitMinor ?? 0), Number(agreedMinor ?? 0));
  return fee.amountMinor > agreed;
}

/** What a supplier charges, in minor units of the library's own currency; undefined where it is not known, or the policy has no rate for its currency. */
export function librarysCost(
  policy: Pricing,
  cost: Pick<PricedRequest, 'costMinor' | 'currency'>,
): number | undefined {
  const own = ownCost(policy, pricesOf(policy), cost);
  return typeof own === 'number' ? own : undefined;
}

/** What this library charges another for what it supplies, in minor units of its own currency (I8); undefined where the list says nothing. */
export function priceOfSupply(
  policy: Pricing,
  request: Pick<PricedRequest, 'service' | 'literature' | 'pages'> & { readonly peer: string },
): number | undefined {
  const prices = pricesOf(policy);
  if (termsWith(policy, request.peer) !== 'account') return 0;
  const rule = prices.supplies.find((each) => fits(prices, each, request));
  return rule && pagesKnown(rule, request.pages) ? within(rule, list(rule, request.pages)) : undefined;
}

/** What is agreed with another agency: `account`, or nothing is paid. */
export function termsWith(policy: Pick<LibraryPolicy, 'ill'>, peer: string): IllTerms {
  const prices = pricesOf(policy);
  return prices.agreements.find(({ peers }) => names(prices, peers, peer))?.terms ?? 'account';
}

type Rule = SupplyPrice;

function fits(
  prices: IllPricesPolicy,
  rule: Pick<Rule, 'services' | 'literature' | 'peers'>,
  { service, literature, peer }: Pick<PricedRequest, 'service' | 'literature' | 'peer'>,
): boolean {
  if (rule.services && !rule.services.includes(service)) return false;
  if (rule.literature && !(literature && rule.literature.includes(literature))) return false;
  return !rule.peers || (peer !== undefined && names(prices, rule.peers, peer));
}

const names = ({ groups }: IllPricesPolicy, codes: readonly string[], peer: string): boolean =>
  codes.includes(peer) || groups.some(({ code, peers }) => codes.includes(code) && peers.includes(peer));

const list = ({ perItemMinor = 0, perPageMinor = 0, handlingMinor = 0 }: Rule, pages = 0): number =>
  perItemMinor + perPageMinor * pages + handlingMinor;

const pagesKnown = ({ perPageMinor = 0 }: Rule, pages: number | undefined): boolean =>
  perPageMinor === 0 || pages !== undefined;

const within = ({ minimumMinor = 0, maximumMinor = Infinity }: Rule, amount: number): number =>
  Math.min(Math.max(amount, minimumMinor), maximumMinor);

/** What the supplier charges, in the library's currency; undefined: not known yet. */
function ownCost(
  { currency: own }: Pricing,
  { rates }: IllPricesPolicy,
  { costMinor, currency = own }: Pick<PricedRequest, 'costMinor' | 'currency'>,
): number | undefined | Refused {
  if (costMinor === undefined || currency === own) return costMinor;
  const rate = rates.find((each) => each.currency === currency)?.rate;
  return rate === undefined
    ? refuse({ code: 'rate-unknown', currency })
    : converted(costMinor, currency, own, rate);
}

/**
 * An amount in another currency, at a rate written as a decimal: one unit of `from` is `rate` units of `to`. Both in minor units; half a unit and more is rounded up. The
 * only place in which money is rounded.
 */
export function converted(amountMinor: number, from: string, to: string, rate: string): number {
  const [whole = '0', part = ''] = rate.split('.');
  const scale = part.length + (fractionDigits(from) ?? 2);
  const product = BigInt(amountMinor) * BigInt(whole + part) * 10n ** BigInt(fractionDigits(to) ?? 2);
  return Number(halfUp(product, 10n ** BigInt(scale)));
}

const halfUp = (amount: bigint, by: bigint): bigint => (2n * amount + by) / (2n * by);

function share(prices: IllPricesPolicy, request: PricedRequest, totalMinor: number): Fee {
  const rule = prices.subsidies.find(
    (each) =>
      (each.userGroups?.includes(request.userGroup) ?? true) &&
      fits(prices, { ...each, peers: undefined }, request),
  );
  const subsidyMinor = rule
    ? Math.min(totalMinor, subsidyOf(rule, totalMinor), rule.atMostMinor ?? Infinity)
    : 0;
  return { amountMinor: totalMinor - subsidyMinor, subsidyMinor };
}

/** A share is rounded in the reader's favour. */
function subsidyOf({ whole, percent, amountMinor = 0 }: IllSubsidy, totalMinor: number): number {
  if (whole) return totalMinor;
  if (percent === undefined) return amountMinor;
  return Number((BigInt(totalMinor) * BigInt(percent) + 99n) / 100n);
}

/** How many pages a citation such as `12-25` names; undefined where it does not say. */
export function pagesNamed(pages: string | undefined): number | undefined {
  const [, first, last] = /^\D*(\d{1,6})\s*[-–—]\s*(\d{1,6})\D*$/u.exec(pages ?? '') ?? [];
  if (first === undefined || last === undefined || Number(last) < Number(first)) return undefined;
  return Number(last) - Number(first) + 1;
}
