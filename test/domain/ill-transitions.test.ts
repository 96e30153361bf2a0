import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { actions, reasonsForMessage, type Status, statuses } from '../../domain/ill-status.ts';
import {
  foldSupplier,
  judgeRequester,
  judgeSupplier,
  type SupplierSays,
  type Verdict,
} from '../../domain/ill-transitions.ts';

/** The columns of the tables below, one letter a status. */
const letters: Readonly<Record<string, Status>> = {
  r: 'RequestReceived',
  e: 'ExpectToSupply',
  w: 'WillSupply',
  l: 'Loaned',
  o: 'Overdue',
  c: 'Recalled',
  h: 'HoldReturn',
  f: 'ReleaseHoldReturn',
  t: 'RetryPossible',
  u: 'Unfilled',
  p: 'CopyCompleted',
  d: 'LoanCompleted',
  n: 'CompletedWithoutReturn',
  x: 'Cancelled',
};

/** What may follow which status. */
const mayFollow: Readonly<Record<Status | 'none', string>> = {
  none: 'r e w l t u p x',
  RequestReceived: 'r e w l t u p x',
  ExpectToSupply: 'e w l t u p x',
  WillSupply: 'w l t u p x',
  Loaned: 'l o c h d n',
  Overdue: 'l o c h d n',
  Recalled: 'l o c h d n',
  HoldReturn: 'l o c h f d n',
  ReleaseHoldReturn: 'l o c h f d n',
  RetryPossible: '',
  Unfilled: '',
  CopyCompleted: '',
  LoanCompleted: '',
  CompletedWithoutReturn: '',
  Cancelled: '',
};

const isEnd = (status: Status | null) => status !== null && mayFollow[status] === '';
const follows = (status: Status | null, next: Status) =>
  mayFollow[status ?? 'none'].split(' ').some((letter) => letters[letter] === next);

const answersTo = ['Y', 'N', undefined] as const;
const goesWith: Readonly<Record<string, string>> = {
  RequestResponse: 'r e w l t u p x',
  RenewResponse: 'l o c h f',
};

/** What is expected, said another way than the code says it. */
function expected(status: Status | null, message: SupplierSays): string {
  const { reason, status: next, answer } = message;
  if (reason === 'Notification') return `heed ${status}`;
  const stated = goesWith[reason];
  if (stated && !stated.split(' ').some((letter) => letters[letter] === next)) return 'refuse status';
  if (reason === 'CancelResponse' && answer === 'Y' && next !== 'Cancelled') return 'refuse answerYesNo';
  if (reason === 'CancelResponse' && answer === 'N' && next === 'Cancelled') return 'refuse answerYesNo';
  if (isEnd(status)) {
    const crossed = reason === 'CancelResponse' || reason === 'RenewResponse';
    return crossed || next === status ? 'late' : 'refuse status';
  }
  if (follows(status, next)) return `heed ${next}`;
  const no =
    reason === 'CancelResponse' ? next !== 'Cancelled' : reason === 'RenewResponse' && answer === 'N';
  return no ? `heed ${status}` : 'refuse status';
}

function told(verdict: Verdict): string {
  if (verdict.verdict === 'heed') return `heed ${verdict.after.status}`;
  return verdict.verdict === 'refuse' ? `refuse ${verdict.value}` : 'late';
}

describe('what a supplier says', () => {
  test.each([null, ...statuses])(
    'I18 every message after %s is heeded, late or refused as the table says',
    (status) => {
      const walked = reasonsForMessage.flatMap((reason) =>
        statuses.flatMap((next) =>
          answersTo.map((answer) => {
            const message = { reason, status: next, answer, at: 2 };
            const name = `${reason} ${next} ${answer ?? '-'}`;
            return [
              `${name}: ${told(judgeSupplier({ status, at: 1 }, message))}`,
              `${name}: ${expected(status, message)}`,
            ] as const;
          }),
        ),
      );
      expect(walked).toHaveLength(reasonsForMessage.length * statuses.length * answersTo.length);
      expect(walked.map(([judged]) => judged)).toEqual(walked.map(([, wanted]) => wanted));
    },
  );

  test('I18 a message that is older than the last one heeded changes nothing, whatever it says', () => {
    const said = { status: 'Loaned', at: 10 } as const;
    for (const reason of reasonsForMessage.filter((each) => each !== 'Notification'))
      for (const status of statuses)
        expect(judgeSupplier(said, { reason, status, at: 9 })).toEqual({ verdict: 'late' });
    expect(judgeSupplier(said, { reason: 'StatusChange', status: 'Overdue', at: 10 }).verdict).toBe('heed');
  });

  const messages = fc.array(
    fc.record({
      reason: fc.constantFrom(...reasonsForMessage),
      status: fc.constantFrom(...statuses),
      answer: fc.constantFrom(...answersTo),
      at: fc.integer({ min: 1, max: 9 }),
    }),
    { maxLength: 12 },
  );

  test('I18 however messages come, an end stays and a notification changes nothing', () => {
    fc.assert(
      fc.property(messages, (said) => {
        let known = { status: null, at: null } as ReturnType<typeof foldSupplier>;
        for (const message of said) {
          const next = foldSupplier(known, [message]);
          if (isEnd(known.status) || message.reason === 'Notification')
            expect(next.status).toBe(known.status);
          expect(next.at ?? 0).toBeGreaterThanOrEqual(known.at ?? 0);
          known = next;
        }
        expect(known).toEqual(foldSupplier({ status: null, at: null }, said));
      }),
    );
  });
});

/** `h` heed, `l` late, `-` refused; the actions are StatusRequest Received Cancel Renew HoldReturn ShippedReturn ShippedForward Notification Lost. */
const actionsIn: Readonly<Record<Status, string>> = {
  RequestReceived: 'h-h----h-',
  ExpectToSupply: 'h-h----h-',
  WillSupply: 'h-h----h-',
  Loaned: 'hhhhhhhhh',
  Overdue: 'hhhhhhhhh',
  Recalled: 'hhhhhhhhh',
  HoldReturn: 'hhhhhhhhh',
  ReleaseHoldReturn: 'hhhhhhhhh',
  RetryPossible: 'h-l----h-',
  Unfilled: 'h-l----h-',
  Cancelled: 'h-l----h-',
  CopyCompleted: 'hhl----h-',
  LoanCompleted: 'hllllllhl',
  CompletedWithoutReturn: 'hllllllhl',
};

describe('what a requester does', () => {
  test.each(statuses)(
    'I18 every action while it is %s is heeded, late or refused as the table says',
    (status) => {
      const walked = actions.map((action) => {
        const { verdict } = judgeRequester({ status, at: 1 }, { action, at: 2 });
        return { heed: 'h', late: 'l', refuse: '-' }[verdict];
      });
      expect(walked.join('')).toBe(actionsIn[status]);
    },
  );

  test('I18 an action older than the last changes nothing; a question and a note are heard whenever they come', () => {
    for (const action of actions) {
      const { verdict } = judgeRequester({ status: 'Loaned', at: 10 }, { action, at: 9 });
      expect([action, verdict]).toEqual([
        action,
        ['Notification', 'StatusRequest'].includes(action) ? 'heed' : 'late',
      ]);
    }
  });
});
