import type { Action } from '../../domain/ill-status.ts';
import { hasItsTime, judgeRequester } from '../../domain/ill-transitions.ts';
import { isUnanswered, lendingOf } from '../../domain/supply.ts';
import { settleMessage, type StoredMessage } from '../peers/heed.ts';
import { answerCancelYes } from './answers-cancel.ts';
import { loseSupply } from './back.ts';
import { memberHeeds } from './centre/heed-member.ts';
import { answerTask, type SupplyInHand, tell, wishTask } from './desk.ts';
import { heedRenewal } from './renewals.ts';
import { say } from './say.ts';

/** What an action changes, and what is answered; the supply is locked. */
type Heed = (hand: SupplyInHand, note: string | undefined) => Promise<void>;

const heeds: Readonly<Record<Action, Heed>> = {
  StatusRequest: (hand) => say(hand, { reason: 'StatusRequestResponse' }),
  Received: heedReceived,
  Cancel: heedCancel,
  Renew: heedRenewal,
  ShippedReturn: heedSentBack,
  ShippedForward: async (hand) => tell(hand, 'supply-forwarded'),
  HoldReturn: async (hand) => tell(hand, 'supply-hold-return'),
  Notification: heedNote,
  Lost: heedLost,
};

/** Heeds a message of the requester (I18) as far as the state table lets it count: what crossed something of ours, or was overtaken on the way, changes nothing. */
export async function heedMessage(hand: SupplyInHand, message: StoredMessage): Promise<void> {
  const { supply, at } = hand;
  const { row, name, body } = message;
  if (name === 'supplyingAgencyMessage') return settleMessage(message, 'refused', at);
  if (name === 'request') {
    await heedReminder(hand);
    return settleMessage(message, 'heeded', at);
  }
  const said = { status: supply.status, at: supply.saidAt?.getTime() ?? null };
  const judged = judgeRequester(said, { action: body.action, at: row.saidAt.getTime() });
  if (judged.verdict === 'heed') {
    if (hasItsTime(body.action)) supply.saidAt = row.saidAt;
    await (supply.forwards ? memberHeeds : heeds)[body.action](hand, body.note);
  }
  settleMessage(message, settled[judged.verdict], at);
}

const settled = { heed: 'heeded', late: 'outdated', refuse: 'refused' } as const;

/** The request once more: its requester waits (`Reminder`). They hear where it stands, and staff who owe them an answer or the thing have it on the work list. */
async function heedReminder(hand: SupplyInHand): Promise<void> {
  const { supply } = hand;
  supply.remindedAt = hand.at;
  tell(hand, 'supply-reminded');
  if (isUnanswered(supply.status) && !supply.forwards) await answerTask(hand);
  await say(hand, { reason: 'RequestResponse' });
}

async function heedReceived(hand: SupplyInHand): Promise<void> {
  if (hand.supply.arrivedAt) return;
  hand.supply.arrivedAt = hand.at;
  tell(hand, 'supply-arrived');
}

/** Whoever gives up before anything was shipped gets it at once, or when staff have said so; afterwards it is too late. */
async function heedCancel(hand: SupplyInHand): Promise<void> {
  const { supply, policy } = hand;
  if (!isUnanswered(supply.status)) {
    tell(hand, 'supply-cancel-refused');
    return say(hand, { reason: 'CancelResponse', answer: 'N' });
  }
  tell(hand, 'supply-cancel-asked');
  if (lendingOf(policy).cancel === 'at-once') return answerCancelYes(hand);
  supply.waitsFor = 'cancel';
  await wishTask(hand);
}

async function heedSentBack(hand: SupplyInHand): Promise<void> {
  const { supply } = hand;
  if (supply.sentBackAt) return;
  Object.assign(supply, { sentBackAt: hand.at, waitsFor: 'return' });
  tell(hand, 'supply-sent-back');
}

/** A note changes nothing, but accepts a condition that was put. */
async function heedNote(hand: SupplyInHand, note: string | undefined): Promise<void> {
  const { supply } = hand;
  tell(hand, 'supply-note-came', { empty: note === undefined });
  if (supply.waitsFor !== 'condition') return;
  supply.waitsFor = 'ship';
  tell(hand, 'supply-condition-accepted');
}

async function heedLost(hand: SupplyInHand): Promise<void> {
  await loseSupply(hand, 'not-received');
}
