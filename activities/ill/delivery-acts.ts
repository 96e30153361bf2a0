import { deliver, reissue, withdrawDocument } from './documents.ts';
import { askAfter, lose } from './lose.ts';
import { settleLost } from './loss-charge.ts';
import { changePlace } from './places.ts';
import { handOut, receive, takeBack } from './receive.ts';
import { answerRenewal, renew } from './renew.ts';
import { sendBack } from './send-back.ts';
import { settleReturn } from './supplier-has-it.ts';

/** What people do with what other libraries send, an act a line. */
export const deliveryActs = {
  receive,
  'hand-out': handOut,
  'take-back': takeBack,
  'send-back': sendBack,
  renew,
  'answer-renewal': answerRenewal,
  lose,
  'settle-lost': settleLost,
  'settle-return': settleReturn,
  'ask-after': askAfter,
  deliver,
  reissue,
  withdraw: withdrawDocument,
  'change-place': changePlace,
} as const;
