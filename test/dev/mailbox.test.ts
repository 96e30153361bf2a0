import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTransport } from 'nodemailer';
import { openMailboxPage, type MailboxPage } from '../../dev/mailbox-page.ts';
import { openMailbox, type Mailbox } from '../support/mail.ts';

const hello = {
  from: 'carrel@library.example',
  subject: '予約確保',
  text: '一週間以内にお越しください',
  html: '<p>一週間以内</p>',
};

function send(mailbox: Mailbox, to: string, more: object = {}) {
  return createTransport(mailbox.url).sendMail({ ...hello, to, ...more });
}

describe('the mailbox', () => {
  let mailbox: Mailbox;
  beforeEach(async () => (mailbox = await openMailbox()));
  afterEach(() => mailbox.stop());

  test('keeps what it is given, with the addresses of the envelope', async () => {
    await send(mailbox, 'reader@example.org', { bcc: 'desk@example.org', messageId: '<n1@carrel>' });
    const mail = await mailbox.waitFor(({ subject }) => subject === '予約確保');
    expect(mail).toMatchObject({
      from: 'carrel@library.example',
      to: ['reader@example.org', 'desk@example.org'],
      messageId: '<n1@carrel>',
      text: expect.stringContaining('お越しください'),
      html: expect.stringContaining('<p>一週間以内</p>'),
    });
  });

  test('refuses a recipient for now or for good, as told', async () => {
    mailbox.behave((address) =>
      address.startsWith('full')
        ? { code: 452, message: 'Mailbox full' }
        : { code: 550, message: 'No such user' },
    );
    await expect(send(mailbox, 'full@example.org')).rejects.toMatchObject({ responseCode: 452 });
    await expect(send(mailbox, 'gone@example.org')).rejects.toMatchObject({ responseCode: 550 });
    expect(mailbox.messages).toHaveLength(0);
    mailbox.behave();
    await send(mailbox, 'gone@example.org');
    expect(mailbox.messages).toHaveLength(1);
  });

  test('drops the connection before a mail, or after it with the mail kept', async () => {
    mailbox.behave(() => 'drop');
    await expect(send(mailbox, 'reader@example.org')).rejects.toThrow(/closed|reset/i);
    expect(mailbox.messages).toHaveLength(0);
    mailbox.behave(undefined, () => 'drop');
    await expect(send(mailbox, 'reader@example.org')).rejects.toThrow(/closed|reset/i);
    expect(mailbox.messages).toHaveLength(1);
  });

  test('answers late, as told', async () => {
    mailbox.behave(() => ({ delayMs: 300 }));
    const began = Date.now();
    await send(mailbox, 'slow@example.org');
    expect(Date.now() - began).toBeGreaterThanOrEqual(300);
  });

  test('says what came when the awaited mail does not', async () => {
    await send(mailbox, 'reader@example.org');
    await expect(mailbox.waitFor(() => false, 50)).rejects.toThrow('"予約確保" to reader@example.org');
  });
});

test('a mailbox with a folder has its mails again after a restart', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'carrel-mail-'));
  const first = await openMailbox({ folder });
  await send(first, 'reader@example.org');
  await first.stop();
  const second = await openMailbox({ folder });
  await second.stop();
  expect(second.messages).toEqual(first.messages);
  await rm(folder, { recursive: true });
});

describe('the mailbox page', () => {
  let mailbox: Mailbox;
  let page: MailboxPage;
  beforeEach(async () => {
    mailbox = await openMailbox();
    page = await openMailboxPage(mailbox.messages, 0);
  });
  afterEach(async () => {
    await page.stop();
    await mailbox.stop();
  });

  test('shows mails newest first and escapes all of their text', async () => {
    await send(mailbox, 'a@example.org', { subject: 'earlier' });
    await send(mailbox, 'b@example.org', { subject: '<script>alert(1)</script>', text: '</pre><img src=x>' });
    const html = await (await fetch(page.url)).text();
    expect(html).not.toMatch(/<script|<img/);
    expect(html.indexOf('&lt;script&gt;')).toBeLessThan(html.indexOf('earlier'));
  });

  test('gives the HTML part without the right to run or load anything', async () => {
    await send(mailbox, 'a@example.org');
    const response = await fetch(`${page.url}${mailbox.messages[0]?.id}.html`);
    expect(await response.text()).toContain('一週間以内');
    expect(response.headers.get('content-security-policy')).toMatch(/^sandbox; default-src 'none'/);
  });

  test('gives all mails, or those of one recipient, as JSON', async () => {
    await send(mailbox, 'a@example.org', { subject: 'for a' });
    await send(mailbox, 'b@example.org', { subject: 'for b' });
    const all = await (await fetch(`${page.url}messages.json`)).json();
    const one = await (await fetch(`${page.url}messages.json?to=b@example.org`)).json();
    expect(all).toMatchObject({ messages: [{ subject: 'for a' }, { subject: 'for b' }] });
    expect(one).toMatchObject({ messages: [{ subject: 'for b', to: ['b@example.org'] }] });
    expect(await fetch(`${page.url}nothing.html`)).toMatchObject({ status: 404 });
  });
});
