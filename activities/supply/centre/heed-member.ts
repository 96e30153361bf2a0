import type { Action } from '../../../domain/ill-status.ts';
import { isUnanswered } from '../../../domain/supply.ts';
import { type SupplyInHand, tell } from '../desk.ts';
import { say } from '../say.ts';

type Heed = (hand: SupplyInHand, note: string | undefined) => Promise<void>;

/** What a centre notes of a member's message (I5): it has gone on to the supplier, and is answered by what becomes of the request there. */
export const memberHeeds: Readonly<Record<Action, Heed>> = {
  StatusRequest: (hand) => say(hand, { reason: 'StatusRequestResponse' }),
  Received: async (hand) => {
    hand.supply.arrivedAt ??= hand.at;
    tell(hand, 'supply-arrived');
  },
  Cancel: async (hand) => {
    tell(hand, 'supply-cancel-asked');
    if (isUnanswered(hand.supply.status)) hand.supply.waitsFor = 'cancel';
    else await say(hand, { reason: 'CancelResponse', answer: 'N' });
  },
  Renew: async (hand) => {
    tell(hand, 'supply-renewal-asked');
    hand.supply.waitsFor = 'renew';
  },
  ShippedReturn: async (hand) => {
    hand.supply.sentBackAt ??= hand.at;
    tell(hand, 'supply-sent-back');
  },
  ShippedForward: async (hand) => tell(hand, 'supply-forwarded'),
  HoldReturn: async (hand) => tell(hand, 'supply-hold-return'),
  Notification: async (hand) => {
    tell(hand, 'supply-note-came');
    if (hand.supply.waitsFor !== 'condition') return;
    hand.supply.waitsFor = null;
    tell(hand, 'supply-condition-accepted');
  },
  Lost: async () => undefined,
};
