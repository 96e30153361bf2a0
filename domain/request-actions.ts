import type { IllDelivery, IllState } from './ill.ts';

/** What a reader can do with a request (I11). */
export const requestActions = [
  'cancel',
  'change-place',
  'answer',
  'pay',
  'download',
  'new-link',
  'renew',
] as const;

export type RequestAction = (typeof requestActions)[number];

/** What decides about it. */
export interface ActionFacts {
  readonly state: IllState;
  readonly delivery: IllDelivery;
  /** Who is asked, in state `asked`. */
  readonly asks: 'reader' | 'staff' | null;
  readonly shipped: boolean;
  readonly cancelWanted: boolean;
  readonly renewalWanted: boolean;
  /** A file is there. */
  readonly document: boolean;
  /** It has not been fetched as often as it may be, and its time is not over. */
  readonly downloadable: boolean;
}

const beforeArrival: ReadonlySet<IllState> = new Set([
  'reviewing',
  'choosing',
  'requested',
  'promised',
  'asked',
  'shipped',
]);

const rules: Readonly<Record<RequestAction, (facts: ActionFacts) => boolean>> = {
  cancel: ({ state, shipped, cancelWanted }) =>
    beforeArrival.has(state) && state !== 'shipped' && !shipped && !cancelWanted,
  'change-place': ({ state, delivery, shipped }) =>
    delivery === 'pickup' && beforeArrival.has(state) && !shipped && state !== 'shipped',
  answer: ({ state, asks }) => state === 'asked' && asks === 'reader',
  pay: ({ state }) => state === 'held',
  download: ({ state, document, downloadable }) => document && downloadable && state === 'available',
  'new-link': ({ state, document }) => document && state === 'available',
  renew: ({ state, renewalWanted }) => state === 'lent' && !renewalWanted,
};

/** What the reader can do with a request as it stands; what else hinders it, the act itself tells. */
export function actionsOf(facts: ActionFacts): RequestAction[] {
  return requestActions.filter((action) => rules[action](facts));
}
