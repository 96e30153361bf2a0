import type { IllService } from './ill.ts';
import type { ItemState, CatalogueKind as Kind } from './kinds.ts';
import type { LendingPolicy } from './policy-lending.ts';
import type { RetryReason, UnfilledReason } from './supply-reasons.ts';

/** A copy of our own; `dueAt` in epoch milliseconds, of one on loan. */
export interface StockCopy {
  readonly id: string;
  readonly barcode: string;
  readonly branch: string;
  readonly shelfMark: string | null;
  readonly state: ItemState;
  readonly forLoan: boolean;
  readonly dueAt: number | null;
}

/** A title of our catalogue that may be what is asked for. */
export interface StockTitle {
  readonly titleId: string;
  readonly title: string;
  readonly kind: Kind;
  /** Readers of our own who wait for it. */
  readonly waiting: number;
  readonly copies: readonly StockCopy[];
}

/** What our catalogue suggests to answer (I8). Staff decide. */
export type Advice = { readonly titleId?: string } & (
  | { readonly answer: 'WillSupply'; readonly itemId: string }
  | { readonly answer: 'Unfilled'; readonly reason: UnfilledReason }
  | { readonly answer: 'RetryPossible'; readonly reason: RetryReason; readonly retryAfter?: number }
);

const isIn = ({ state }: StockCopy): boolean => state === 'available' || state === 'put-away';
const isLost = ({ state }: StockCopy): boolean => state === 'lost' || state === 'withdrawn';
const isAway = ({ state }: StockCopy): boolean => !isLost({ state } as StockCopy) && state !== 'missing';

function copyAdvice({ titleId, copies }: StockTitle): Advice {
  const copy = copies.find(isIn);
  if (copy) return { titleId, answer: 'WillSupply', itemId: copy.id };
  if (copies.some(isAway)) return onLoan(titleId, copies.filter(isAway));
  return { titleId, answer: 'Unfilled', reason: copies.every(isLost) ? 'NotHeld' : 'NotOnShelf' };
}

function onLoan(titleId: string, copies: readonly StockCopy[]): Advice {
  const due = copies.flatMap(({ dueAt }) => (dueAt === null ? [] : [dueAt])).toSorted((a, b) => a - b)[0];
  return {
    titleId,
    answer: 'RetryPossible',
    reason: 'OnLoan',
    ...(due !== undefined && { retryAfter: due }),
  };
}

function loanAdvice(title: StockTitle, lending: Pick<LendingPolicy, 'kinds'>): Advice {
  const { titleId, kind, waiting, copies } = title;
  if (!lending.kinds.includes(kind)) return { titleId, answer: 'Unfilled', reason: 'NonCirculating' };
  if (copies.every(isLost)) return { titleId, answer: 'Unfilled', reason: 'NotHeld' };
  const lendable = copies.filter((copy) => copy.forLoan && !isLost(copy));
  if (lendable.length === 0) return { titleId, answer: 'Unfilled', reason: 'NonCirculating' };
  const shelved = lendable.find(isIn);
  if (shelved && waiting > 0)
    return { titleId, answer: 'RetryPossible', reason: 'NotCurrentAvailableForILL' };
  if (shelved) return { titleId, answer: 'WillSupply', itemId: shelved.id };
  const away = lendable.filter(isAway);
  return away.length > 0 ? onLoan(titleId, away) : { titleId, answer: 'Unfilled', reason: 'NotOnShelf' };
}

const rank = { WillSupply: 0, RetryPossible: 1, Unfilled: 2 } as const;

/** What to answer to a request for one of these titles; of several the most helpful. No titles: not held. */
export function adviseOn(
  titles: readonly StockTitle[],
  service: IllService,
  lending: Pick<LendingPolicy, 'kinds'>,
): Advice {
  const each = titles.map((title) => (service === 'copy' ? copyAdvice(title) : loanAdvice(title, lending)));
  const best = each.toSorted((a, b) => rank[a.answer] - rank[b.answer])[0];
  return best ?? { answer: 'Unfilled', reason: 'NotHeld' };
}
