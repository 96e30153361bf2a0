import type { ItemState, Kind } from './kinds.ts';
import type { LibraryPolicy } from './policy.ts';
import type { Reason } from './refusal.ts';

export interface ItemFacts {
  readonly id: string;
  readonly state: ItemState;
  /** False for copies that never leave the house. */
  readonly forLoan: boolean;
  /** Only of magazines: whether this is the newest issue there is. */
  readonly isLatestIssue: boolean;
  /** Of a magazine: which issue it is a copy of, by whatever tells its issues apart; null: of none. */
  readonly issue?: string | null;
}

export interface TitleFacts {
  readonly kind: Kind;
  readonly items: readonly ItemFacts[];
}

export type HoldRules = Pick<LibraryPolicy, 'holds'>;

const gone: Partial<Record<ItemState, Reason>> = {
  lost: { code: 'item-lost' },
  withdrawn: { code: 'item-withdrawn' },
  missing: { code: 'item-missing' },
};

/** Copies that can still come to a reader: those not lost, missing or withdrawn, and for loan. */
function obtainable(items: readonly ItemFacts[]): ItemFacts[] {
  return items.filter((item) => item.forLoan && !gone[item.state]);
}

/** In the house and nobody's: on its shelf, or on the way back to it. */
function isFree(item: ItemFacts): boolean {
  return item.state === 'available' || item.state === 'put-away';
}

function itemReasons(item: ItemFacts): Reason[] {
  const reasons: Reason[] = [];
  const lost = gone[item.state];
  if (lost) reasons.push(lost);
  if (!item.forLoan) reasons.push({ code: 'not-for-loan' });
  return reasons;
}

function issueReasons(item: ItemFacts, copies: readonly ItemFacts[], rules: HoldRules): Reason[] {
  const reasons = itemReasons(item);
  if (item.isLatestIssue) return reasons;
  if (rules.holds.magazines === 'latest-issue') return [...reasons, { code: 'not-latest-issue' }];
  const free = obtainable(copies).some(isFree);
  return free && !rules.holds.onShelf ? [...reasons, { code: 'on-shelf' }] : reasons;
}

/** Whether two copies are of one issue, or one and the same. */
function areOfOneIssue(one: ItemFacts, other: ItemFacts): boolean {
  return one.id === other.id || (one.issue != null && one.issue === other.issue);
}

/** The copies of an issue, the one that was asked for first. */
function copiesOf({ items }: TitleFacts, requested: string): ItemFacts[] {
  const asked = items.find(({ id }) => id === requested);
  return asked ? [asked, ...items.filter((item) => item !== asked && areOfOneIssue(item, asked))] : [];
}

/** Whether whoever waits for one of these copies waits for the other too: for the same issue (H1). */
export function sameIssue(title: TitleFacts, one: string, other: string): boolean {
  return one === other || copiesOf(title, one).some(({ id }) => id === other);
}

/**
 * The item a hold is bound to: for a magazine a copy of the issue asked for, or else of the latest one, which stands for all copies of it; for anything
 * else none, since any copy will do (H1). A placed hold stores this item, not what was asked for.
 */
export function boundItem(title: TitleFacts, requested: string | null): string | null {
  if (title.kind !== 'magazine') return null;
  const copies =
    requested === null ? title.items.filter((item) => item.isLatestIssue) : copiesOf(title, requested);
  return (copies.find((item) => itemReasons(item).length === 0) ?? copies[0])?.id ?? requested;
}

function magazineReasons(title: TitleFacts, rules: HoldRules, requested: string | null): Reason[] {
  const bound = boundItem(title, requested);
  const issue = title.items.find((item) => item.id === bound);
  if (issue) return issueReasons(issue, copiesOf(title, issue.id), rules);
  return [{ code: requested === null ? 'title-without-items' : 'item-unknown' }];
}

/** Why no copy of a title can come: each reason once. */
function noCopyReasons(items: readonly ItemFacts[]): Reason[] {
  if (items.length === 0) return [{ code: 'title-without-items' }];
  const reasons = new Map(items.flatMap(itemReasons).map((reason) => [reason.code, reason]));
  return [...reasons.values()];
}

/**
 * Why a title, or the item of it that was asked for, cannot be held, as far as it lies with the title (H1): every copy must be away – on loan,
 * kept for or travelling to another reader – unless the library lets readers hold from the shelf; a magazine is held by its latest issue, on
 * the shelf or not. Empty: offer "add to cart". Copies that are lost, missing, withdrawn or not for loan do not count.
 */
export function isHoldable(title: TitleFacts, rules: HoldRules, requested: string | null = null): Reason[] {
  if (title.kind === 'magazine') return magazineReasons(title, rules, requested);
  if (requested !== null && !title.items.some((item) => item.id === requested))
    return [{ code: 'item-unknown' }];
  const copies = obtainable(title.items);
  if (copies.length === 0) return noCopyReasons(title.items);
  return !rules.holds.onShelf && copies.some(isFree)
    ? [{ code: 'on-shelf', copies: copies.filter(isFree).length }]
    : [];
}
