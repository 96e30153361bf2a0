import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { pino } from 'pino';
import { createIntake, type Incoming } from '../../bounces/intake.ts';
import { returnAddress, returnToken } from '../../domain/return-address.ts';
import { mailNames, mailTo } from './mails.ts';

const secret = 'a secret of more than thirty-two characters';
const pattern = 'bounce+{token}@demo.library.example';
const noticeId = '0190b0a4-0000-7000-8000-000000000001';
const ours = returnAddress(pattern, returnToken(secret, noticeId));
const forged = returnAddress(pattern, returnToken('the secret of somebody else altogether', noticeId));

function intakeOf(known = true) {
  const recorded: Incoming[] = [];
  const logged: string[] = [];
  const logger = pino({ level: 'trace' }, { write: (line: string) => void logged.push(line) });
  const take = createIntake({
    addresses: { patterns: [pattern], secret },
    record: async (incoming) => {
      recorded.push(incoming);
      return known;
    },
    logger,
  });
  return { take, recorded, logged };
}

const reports = mailNames.filter(
  (name) => !/^(?:vacation|challenge|person|read-|spam-c|sendmail-|mailbox-words)/.test(name),
);

describe('N4 taking in mail that comes back', () => {
  test('N4 reports with a token of ours are recorded, for the notice the token names', async () => {
    const { take, recorded } = intakeOf();
    for (const name of reports) expect(await take({ raw: mailTo(name, ours), via: 'imap' })).toBe('recorded');
    expect(recorded.every((each) => each.noticeId === noticeId)).toBe(true);
    expect(new Set(recorded.map(({ messageKey }) => messageKey)).size).toBe(reports.length);
  });

  test('N4 the token is found in the envelope and in the copy that came back, too', async () => {
    const { take } = intakeOf();
    const envelope = { recipients: [ours], via: 'lmtp' } as const;
    expect(await take({ raw: mailTo('docomo', 'somebody@library.example'), ...envelope })).toBe('recorded');
    const inCopy = Buffer.from(
      Buffer.from(mailTo('postfix-unknown-user', ours))
        .toString('latin1')
        .replace(/^Delivered-To: .*$/m, 'Delivered-To: box@library.example')
        .replace(/^To: bounce.*$/m, 'To: box@library.example'),
    );
    expect(await take({ raw: inCopy, via: 'imap' })).toBe('recorded');
  });

  test('N4 replies, receipts and complaints do not count, and what is not understood is set aside', async () => {
    const { take, recorded } = intakeOf();
    for (const name of [
      'vacation',
      'vacation-japanese',
      'challenge',
      'read-receipt',
      'spam-complaint',
      'sendmail-relayed',
    ])
      expect(await take({ raw: mailTo(name, ours), via: 'imap' })).toBe('ignored');
    for (const name of ['person', 'mailbox-words-unknown'])
      expect(await take({ raw: mailTo(name, ours), via: 'imap' })).toBe('unknown');
    expect(recorded).toEqual([]);
  });

  test('N4 the same report has the same key however it came, a later one about the same mail another', async () => {
    const { take, recorded } = intakeOf();
    const raw = mailTo('postfix-unknown-user', ours);
    await take({ raw, via: 'imap' });
    await take({ raw: Buffer.concat([Buffer.from('Received: from a by b; today\r\n'), raw]), via: 'lmtp' });
    await take({ raw: mailTo('postfix-delayed', ours), via: 'imap' });
    const [first, again, other] = recorded.map(({ messageKey }) => messageKey);
    expect(again).toBe(first);
    expect(other).not.toBe(first);
  });

  test('A11 without a valid token nothing is ever recorded, whatever the mail says', async () => {
    const { take, recorded } = intakeOf();
    const wholes = mailNames.map((name) => mailTo(name, forged));
    const token = returnToken(secret, noticeId);
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...wholes),
        fc.uint8Array({ maxLength: 300 }),
        fc.nat(3_000),
        fc.nat(41),
        async (mail, noise, at, spoilt) => {
          const nearly = `${token.slice(0, spoilt)}${token[spoilt] === 'a' ? 'b' : 'a'}${token.slice(spoilt + 1)}`;
          const raw = Buffer.concat([mail.subarray(0, at), noise, mail.subarray(at)]);
          const recipients = [returnAddress(pattern, spoilt === 41 ? 'a'.repeat(42) : nearly)];
          expect(await take({ raw, recipients, via: 'lmtp' })).toBe('unknown');
        },
      ),
      { numRuns: 300 },
    );
    expect(recorded).toEqual([]);
  });

  test('N4 a token of a notice that is not here is of no use', async () => {
    const { take } = intakeOf(false);
    expect(await take({ raw: mailTo('qmail', ours), via: 'imap' })).toBe('unknown');
  });

  test('N4 nothing personal is logged', async () => {
    const { take, logged } = intakeOf();
    for (const name of mailNames) await take({ raw: mailTo(name, ours), via: 'imap' });
    expect(logged.length).toBe(mailNames.length);
    expect(logged.join('\n')).not.toMatch(/@|reader|Reader/);
  });
});
