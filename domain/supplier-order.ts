import type { Cover } from './coverage.ts';
import type { IllService, LiteratureType } from './ill.ts';
import type { SupplierPolicy, SupplierRank, SuppliersPolicy } from './policy-suppliers.ts';

/** What is wanted, as far as it matters for whom it is asked of. */
export interface WantedFrom {
  readonly service: IllService;
  readonly literature: LiteratureType;
}

/** That a supplier has the work, as far as it is known. */
export interface Held {
  readonly callNumber?: string | undefined;
  readonly recordId?: string | undefined;
  readonly coverage: Cover;
  readonly lendable: boolean;
  readonly copyable: boolean;
}

/** A peer with regard to one request. Amounts are in minor units of the library's currency. */
export interface SupplierFacts {
  readonly peer: string;
  readonly supplier: SupplierPolicy;
  readonly held: readonly Held[];
  /** This request was sent to it already. */
  readonly tried: boolean;
  /** It is the library for which the request is made (I5), or we are it ourselves. */
  readonly asking: boolean;
  readonly closedToday: boolean;
  /** Nothing gets through to it, or staff hold its messages back. */
  readonly lineDown: boolean;
  /** It said lately that this work cannot be had. */
  readonly refusedLately: boolean;
  /** Nothing is paid between us, by agreement. */
  readonly free: boolean;
  readonly priceMinor?: number | undefined;
  /** At this price the reader has to be asked first (I15). */
  readonly overLimit: boolean;
  /** Requests of ours that it has at the moment. */
  readonly open: number;
  /** How often it has supplied us, and we it. */
  readonly suppliedUs: number;
  readonly suppliedThem: number;
}

/** Why a supplier is not asked. */
export const exclusions = [
  'not-asked',
  'asks-itself',
  'tried',
  'no-such-service',
  'no-such-literature',
  'not-held',
  'coverage-missing',
  'not-lendable',
  'not-copyable',
  'closed',
  'full',
] as const;

export type Exclusion = (typeof exclusions)[number];

/** Why a supplier stands where it stands; each has a text in every language. */
export const placings = [
  'line-down',
  'last-resort',
  'closed-today',
  'refused-lately',
  'over-limit',
  'holdings-unknown',
  'held',
  'coverage-fits',
  'coverage-unknown',
  'own-group',
  'priority',
  'owes-us',
  'we-owe',
  'balanced',
  'open-requests',
  'free',
  'price',
] as const;

export type Placing = (typeof placings)[number];

export interface Reason {
  readonly code: Placing | Exclusion;
  readonly count?: number;
  readonly amountMinor?: number;
  readonly callNumber?: string;
}

export interface RankedSupplier {
  readonly peer: string;
  /** Counted from 1; null: it is not asked. */
  readonly position: number | null;
  readonly held?: Held;
  readonly priceMinor?: number;
  /** Why it is not asked; else what speaks for and against it, the weightiest first. */
  readonly reasons: readonly Reason[];
}

/**
 * Whom to ask in which order, and why (I10). What hinders comes first – a line that is down, a supplier of last resort, one that is closed, that refused lately, that costs more than may
 * be spent, of which nothing is known – then the policy's ranks in their order, then the order in which the policy lists its peers: the same facts always give the same order. Those who
 * are not asked come last, with every reason.
 */
export function orderSuppliers(
  policy: SuppliersPolicy,
  wanted: WantedFrom,
  facts: readonly SupplierFacts[],
): readonly RankedSupplier[] {
  const judged = facts.map((each) => judge(policy, wanted, each));
  const asked = judged
    .filter(({ out }) => out.length === 0)
    .toSorted((one, other) => compare(one.rank, other.rank));
  const left = judged.filter(({ out }) => out.length > 0);
  return [
    ...asked.map((each, at) => ranked(each, at + 1, placed(policy, wanted, each))),
    ...left.map((each) => ranked(each, null, each.out)),
  ];
}

interface Judged {
  readonly facts: SupplierFacts;
  readonly held: Held | undefined;
  readonly out: readonly Reason[];
  readonly rank: readonly number[];
}

function judge(policy: SuppliersPolicy, wanted: WantedFrom, facts: SupplierFacts): Judged {
  const held = best(facts.held, wanted);
  const rank = [
    ...hindrances(policy, facts, held).map(([, hinders]) => Number(hinders)),
    ...policy.order.map((by) => ranks[by](policy, facts)),
  ];
  const out = excluded(policy, wanted, facts, held).map((code): Reason => ({ code }));
  return { facts, held, out, rank };
}

const serves = (held: Held, { service }: WantedFrom) => (service === 'loan' ? held.lendable : held.copyable);

/** Of several statements the one by which it can be had. */
function best(held: readonly Held[], wanted: WantedFrom): Held | undefined {
  const worth = (each: Held) =>
    Number(serves(each, wanted)) * 4 +
    Number(each.coverage !== 'missing') * 2 +
    Number(each.coverage === 'fits');
  return held.toSorted((one, other) => worth(other) - worth(one))[0];
}

function excluded(
  { unknownHoldings, closed }: SuppliersPolicy,
  wanted: WantedFrom,
  { supplier, tried, asking, closedToday, open }: SupplierFacts,
  held: Held | undefined,
): readonly Exclusion[] {
  const { service, literature } = wanted;
  const tests: readonly (readonly [Exclusion, boolean])[] = [
    ['not-asked', !supplier.asked],
    ['asks-itself', asking],
    ['tried', tried],
    ['no-such-service', !(supplier.services?.includes(service) ?? true)],
    ['no-such-literature', !(supplier.literature?.includes(literature) ?? true)],
    ['not-held', held === undefined && unknownHoldings === 'never'],
    ['coverage-missing', held?.coverage === 'missing'],
    ['not-lendable', held !== undefined && service === 'loan' && !held.lendable],
    ['not-copyable', held !== undefined && service === 'copy' && !held.copyable],
    ['closed', closedToday && closed === 'skip'],
    ['full', supplier.mostOpen !== undefined && open >= supplier.mostOpen],
  ];
  return tests.flatMap(([code, holds]) => (holds ? [code] : []));
}

function hindrances(
  { unknownHoldings, closed }: SuppliersPolicy,
  { supplier, closedToday, lineDown, refusedLately, overLimit }: SupplierFacts,
  held: Held | undefined,
): readonly (readonly [Placing, boolean])[] {
  return [
    ['line-down', lineDown],
    ['last-resort', supplier.lastResort],
    ['closed-today', closedToday && closed === 'last'],
    ['refused-lately', refusedLately],
    ['over-limit', overLimit],
    ['holdings-unknown', held === undefined && unknownHoldings === 'last'],
  ];
}

/** Smaller is asked sooner. A price that is not known counts as the highest. */
const ranks: Readonly<Record<SupplierRank, (policy: SuppliersPolicy, facts: SupplierFacts) => number>> = {
  group: (policy, { supplier }) => Number(!inOwnGroup(policy, supplier)),
  priority: (_policy, { supplier }) => supplier.priority,
  reciprocity: (_policy, { suppliedUs, suppliedThem }) => suppliedUs - suppliedThem,
  load: (_policy, { open }) => open,
  cost: (_policy, { free, priceMinor = Number.MAX_SAFE_INTEGER }) => (free ? 0 : priceMinor),
};

const inOwnGroup = ({ ownGroup }: SuppliersPolicy, { group }: SupplierPolicy): boolean =>
  ownGroup !== undefined && group === ownGroup;

/** Sorting is stable, so equals keep the order of the policy. */
function compare(one: readonly number[], other: readonly number[]): number {
  const at = one.findIndex((value, index) => value !== other[index]);
  return at === -1 ? 0 : (one[at] ?? 0) - (other[at] ?? 0);
}

function ranked(
  { facts: { peer, priceMinor }, held }: Judged,
  position: number | null,
  reasons: readonly Reason[],
): RankedSupplier {
  return {
    peer,
    position,
    reasons,
    ...(held && { held }),
    ...(priceMinor !== undefined && { priceMinor }),
  };
}

function placed(policy: SuppliersPolicy, wanted: WantedFrom, { facts, held }: Judged): readonly Reason[] {
  return [
    ...hindrances(policy, facts, held).flatMap(([code, hinders]) => (hinders ? [{ code }] : [])),
    ...(held ? possession(held, wanted) : []),
    ...policy.order.flatMap((by) => told[by](policy, facts)),
  ];
}

const serials: ReadonlySet<LiteratureType> = new Set(['article', 'journal', 'newspaper']);

function possession({ callNumber, coverage }: Held, { literature }: WantedFrom): readonly Reason[] {
  const has: Reason = { code: 'held', ...(callNumber !== undefined && { callNumber }) };
  if (coverage === 'fits') return [has, { code: 'coverage-fits' }];
  return serials.has(literature) ? [has, { code: 'coverage-unknown' }] : [has];
}

const told: Readonly<
  Record<SupplierRank, (policy: SuppliersPolicy, facts: SupplierFacts) => readonly Reason[]>
> = {
  group: (policy, { supplier }) => (inOwnGroup(policy, supplier) ? [{ code: 'own-group' }] : []),
  priority: (_policy, { supplier }) => [{ code: 'priority', count: supplier.priority }],
  reciprocity: (_policy, { suppliedUs, suppliedThem }) => {
    const count = suppliedThem - suppliedUs;
    if (count === 0) return [{ code: 'balanced' }];
    return [count > 0 ? { code: 'owes-us', count } : { code: 'we-owe', count: -count }];
  },
  load: (_policy, { open }) => [{ code: 'open-requests', count: open }],
  cost: (_policy, { free, priceMinor }) => {
    if (free) return [{ code: 'free' }];
    return priceMinor === undefined ? [] : [{ code: 'price', amountMinor: priceMinor }];
  },
};
