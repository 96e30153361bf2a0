import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { openMail } from '../../bounces/open-mail.ts';
import { readReport } from '../../bounces/read-report.ts';
import { mailNames, mailTo } from './mails.ts';

const address = 'bounce+token@demo.library.example';

async function read(name: string) {
  const mail = await openMail(mailTo(name, address));
  if (!mail) throw new Error(`${name} is no mail.`);
  return readReport(mail);
}

/** What each mail says: outcome, and for reports the code and how it is written. */
const readings: Readonly<Record<string, Record<string, unknown>>> = {
  'postfix-unknown-user': { outcome: 'hard', status: '5.1.1', format: 'rfc3464' },
  'postfix-mailbox-full': { outcome: 'soft', status: '5.2.2', format: 'rfc3464' },
  'postfix-delayed': { outcome: 'delayed', status: '4.4.1', format: 'rfc3464' },
  'postfix-expired': { outcome: 'soft', status: '4.4.1', format: 'rfc3464' },
  'postfix-no-such-domain': { outcome: 'hard', status: '5.4.4', format: 'rfc3464' },
  'sendmail-relayed': { outcome: 'arrived' },
  'sendmail-delivered': { outcome: 'arrived' },
  'office365-rejected': { outcome: 'hard', status: '5.4.1', format: 'rfc3464' },
  'spam-filter': { outcome: 'soft', status: '5.7.1', format: 'rfc3464' },
  'status-says-nothing': { outcome: 'hard', format: 'rfc3464' },
  'action-left-out': { outcome: 'hard', status: '5.1.1', format: 'rfc3464' },
  'global-delivery-status': { outcome: 'hard', status: '5.1.1', format: 'rfc3464' },
  qmail: { outcome: 'hard', status: '5.1.1', format: 'qsbmf' },
  exim: { outcome: 'hard', format: 'exim' },
  'exim-delay': { outcome: 'delayed', format: 'words' },
  'exchange-old': { outcome: 'hard', status: '5.1.1', format: 'words' },
  qq: { outcome: 'hard', format: 'words' },
  'netease-full': { outcome: 'soft', format: 'words' },
  docomo: { outcome: 'hard', format: 'words' },
  'keitai-full': { outcome: 'soft', format: 'words' },
  'german-full': { outcome: 'soft', format: 'words' },
  vacation: { outcome: 'auto-reply' },
  'vacation-japanese': { outcome: 'auto-reply' },
  'vacation-chinese': { outcome: 'auto-reply' },
  'vacation-german': { outcome: 'auto-reply' },
  challenge: { outcome: 'challenge' },
  person: { outcome: 'unknown' },
  'read-receipt': { outcome: 'receipt' },
  'spam-complaint': { outcome: 'complaint' },
  'mailbox-words-unknown': { outcome: 'unknown' },
};

describe('N4 what a mail that came back says', () => {
  test('N4 every mail kept for these tests has its reading', () => {
    expect(Object.keys(readings).toSorted()).toEqual([...mailNames].toSorted());
  });

  test.each(Object.entries(readings))('N4 %s', async (name, expected) => {
    expect(await read(name)).toMatchObject(expected);
  });

  test('N4 the server’s own words are kept', async () => {
    expect(await read('postfix-unknown-user')).toMatchObject({
      diagnostic: expect.stringContaining('User unknown in virtual mailbox table'),
    });
    expect(await read('qmail')).toMatchObject({
      diagnostic: 'Sorry, no mailbox here by that name. (#5.1.1)',
    });
    expect(await read('docomo')).toMatchObject({ diagnostic: expect.stringContaining('見つかりません') });
  });

  test('N4 whatever comes in, reading it neither fails nor takes long', async () => {
    const whole = mailNames.map((name) => mailTo(name, address));
    const cut = fc.tuple(
      fc.constantFrom(...whole),
      fc.nat(4_000),
      fc.nat(4_000),
      fc.uint8Array({ maxLength: 200 }),
    );
    const damaged = cut.map(([mail, from, length, noise]) =>
      Buffer.concat([mail.subarray(0, from), noise, mail.subarray(from + length)]),
    );
    await fc.assert(
      fc.asyncProperty(fc.oneof(damaged, fc.uint8Array({ maxLength: 2_000 })), async (raw) => {
        const mail = await openMail(raw);
        const reading = mail && readReport(mail);
        expect(reading === undefined || typeof reading.outcome === 'string').toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  test('N4 a long text of near misses is read at once', async () => {
    const text = 'user address mailbox domain 收件人 宛先 Empfänger -- '.repeat(20_000);
    const raw = Buffer.from(
      `From: mailer-daemon@far.example\r\nSubject: ${'user '.repeat(200)}\r\n\r\n${text}`,
    );
    const begun = Date.now();
    const mail = await openMail(raw);
    if (mail) readReport(mail);
    expect(Date.now() - begun).toBeLessThan(20_000);
  });
});
