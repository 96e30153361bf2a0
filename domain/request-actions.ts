import type { IllDelivery, IllService, IllState } from './ill.ts';

/** What a reader can do with a request (I11). */
export const requestActions = [
  'cancel',
  'change-place',
  'answer',
  'pay',
  'download',
  'new-link',
  'renew',
  'confirm-receipt',
  'send-back',
] as const;

export type RequestAction = (typeof requestActions)[number];

/** What decides about it. */
export interface ActionFacts {
  readonly state: IllState;
  readonly service: IllService;
  readonly delivery: IllDelivery;
  /** It goes or went straight to the reader, not to the library (I5, I9). */
  readonly direct: boolean;
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

/** A thing that was sent straight to its reader, who has it without any loan at a desk (I9, I13). */
const isAtHome = ({ direct, service, state }: ActionFacts): boolean =>
  direct && service === 'loan' && (state === 'shipped' || state === 'received');

const rules: Readonly<Record<RequestAction, (facts: ActionFacts) => boolean>> = {
  cancel: ({ state, shipped, cancelWanted }) =>
    beforeArrival.has(state) && state !== 'shipped' && !shipped && !cancelWanted,
  'change-place': ({ state, delivery, shipped }) =>
    delivery === 'pickup' && beforeArrival.has(state) && !shipped && state !== 'shipped',
  answer: ({ state, asks }) => state === 'asked' && asks === 'reader',
  pay: ({ state }) => state === 'held',
  download: ({ state, document, downloadable }) => document && downloadable && state === 'available',
  'new-link': ({ state, document }) => document && state === 'available',
  renew: (facts) => (facts.state === 'lent' || isAtHome(facts)) && !facts.renewalWanted,
  'confirm-receipt': ({ direct, service, state }) =>
    direct && (state === 'shipped' || (state === 'received' && service === 'copy')),
  'send-back': (facts) => isAtHome(facts) && facts.state === 'received',
};

/** What the reader can do with a request as it stands; what else hinders it, the act itself tells. */
export function actionsOf(facts: ActionFacts): RequestAction[] {
  return requestActions.filter((action) => rules[action](facts));
}
