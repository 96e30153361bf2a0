import { afterEach, describe, expect, jest, test } from '@jest/globals';
import PostalMime from 'postal-mime';
import type { SMTPServerOptions, SMTPServerSession } from 'smtp-server';
import {
  createMailGateway,
  type MailGateway,
  type MailGatewayOptions,
} from '../../activities/gateways/mail.ts';
import { renderNotice } from '../../notices/render.ts';
import { contents, library, texts } from '../notices/fixtures.ts';
import {
  freePort,
  type Listening,
  type Received,
  reply,
  startMailServer,
  startRawServer,
  untilMessageIn,
} from './smtp-servers.ts';

const message = {
  messageId: '<0197-notice@library.example>',
  from: { name: '筑紫野市民図書館', address: 'noreply@library.example' },
  to: { name: '山田 花子', address: 'hanako@reader.example' },
  subject: '予約資料のご用意ができました：Momo',
  text: 'Guten Tag,\n\n.\n..two dots\nくまのプーさん\n',
  html: '<!doctype html>\n<p>くまのプーさん &amp; Momo</p>\n',
  language: 'ja',
};

const cleanUp: (() => void | Promise<void>)[] = [];
afterEach(async () => {
  for (const each of cleanUp.splice(0).toReversed()) await each();
});

function gatewayTo({ port }: { port: number }, options: Partial<MailGatewayOptions> = {}): MailGateway {
  const gateway = createMailGateway({ smtpUrl: `smtp://127.0.0.1:${port}`, ...options });
  cleanUp.push(gateway.close);
  return gateway;
}

function running<T extends Listening>(server: T): T {
  cleanUp.push(server.close);
  return server;
}

async function mailServer(options?: SMTPServerOptions) {
  const received: Received[] = [];
  const server = running(await startMailServer(received, options));
  return { received, server, gateway: gatewayTo(server) };
}

const byText = (a: string, b: string) => a.localeCompare(b);

describe('a message that is accepted', () => {
  test('N1 arrives as it was sent, byte for byte', async () => {
    const { gateway, received } = await mailServer();
    await expect(gateway.send(message)).resolves.toEqual({
      accepted: true,
      response: '250 Message queued as 4711',
    });
    expect(received).toHaveLength(1);
    expect(received[0]?.recipients).toEqual(['hanako@reader.example']);
    const mail = await PostalMime.parse(received[0]?.raw ?? '');
    expect(mail.from).toMatchObject(message.from);
    expect(mail.to).toMatchObject([message.to]);
    expect(mail.subject).toBe(message.subject);
    expect(mail.text?.trimEnd()).toBe(message.text.trimEnd());
    expect(mail.html?.trimEnd()).toBe(message.html.trimEnd());
    expect(mail.messageId).toBe(message.messageId);
    const headers = Object.fromEntries(mail.headers.map(({ key, value }) => [key, value]));
    expect(headers).toMatchObject({ 'auto-submitted': 'auto-generated', 'content-language': 'ja' });
    expect(received[0]?.raw).toMatch(/^[\x20-\x7E\t\r\n]*$/);
  });

  test('P3 a file that goes with it arrives byte for byte, under its name', async () => {
    const { gateway, received } = await mailServer();
    const bytes = Buffer.from(Array.from({ length: 100_000 }, (_, index) => (index * 31) % 256));
    const attachments = [{ name: 'R-2026-000001.pdf', mediaType: 'application/pdf', bytes }];
    await expect(gateway.send({ ...message, attachments })).resolves.toMatchObject({ accepted: true });
    const mail = await PostalMime.parse(received[0]?.raw ?? '');
    const [file] = mail.attachments;
    const about = { filename: 'R-2026-000001.pdf', mimeType: 'application/pdf', disposition: 'attachment' };
    expect(file).toMatchObject(about);
    expect(bytes.equals(Buffer.from(file?.content as ArrayBuffer))).toBe(true);
    expect(mail.text?.trimEnd()).toBe(message.text.trimEnd());
    expect(mail.html?.trimEnd()).toBe(message.html.trimEnd());
  });

  test('N1 every notice arrives in every language, over kept connections', async () => {
    const { gateway, received } = await mailServer({ maxClients: 5 });
    const sent = contents.map((content) =>
      renderNotice(texts, { ...content, language: 'zh', library, patronName: '山田' }),
    );
    const outcomes = await Promise.all(sent.map((notice) => gateway.send({ ...message, ...notice })));
    expect(outcomes.every(({ accepted }) => accepted)).toBe(true);
    const mails = await Promise.all(received.map(({ raw }) => PostalMime.parse(raw)));
    expect(mails.map(({ subject }) => subject ?? '').toSorted(byText)).toEqual(
      sent.map(({ subject }) => subject).toSorted(byText),
    );
    expect(mails.map((mail) => mail.text?.trimEnd() ?? '').toSorted(byText)).toEqual(
      sent.map((notice) => notice.text.trimEnd()).toSorted(byText),
    );
  });

  test('N2 a connection the server has closed in the meantime is no loss', async () => {
    const { promise: closed, resolve: onClose } = Promise.withResolvers<unknown>();
    const { gateway, received } = await mailServer({ socketTimeout: 1_000, onClose });
    await gateway.send(message);
    await closed;
    await expect(gateway.send(message)).resolves.toMatchObject({ accepted: true });
    expect(received).toHaveLength(2);
  });

  test('signs in with the user and password of the address', async () => {
    const seen: unknown[] = [];
    const { server } = await mailServer({
      authOptional: false,
      allowInsecureAuth: true,
      onAuth: ({ username, password }, _, callback) => {
        seen.push(username, password);
        callback(null, { user: username });
      },
    });
    const gateway = gatewayTo(server, {
      smtpUrl: `smtp://carrel:p%40ss%2Fword@127.0.0.1:${server.port}?maxConnections=1`,
    });
    await expect(gateway.send(message)).resolves.toMatchObject({ accepted: true });
    expect(seen).toEqual(['carrel', 'p@ss/word']);
  });

  test('smtps, with options in the address', async () => {
    // The server warns that its built-in certificate is public; for a test that is no news.
    const warning = jest.spyOn(console, 'error').mockImplementation(() => {});
    const { server } = await mailServer({ secure: true });
    warning.mockRestore();
    const trusting = gatewayTo(server, {
      smtpUrl: `smtps://127.0.0.1:${server.port}?tls.rejectUnauthorized=false`,
    });
    await expect(trusting.send(message)).resolves.toMatchObject({ accepted: true });
    const strict = gatewayTo(server, { smtpUrl: `smtps://127.0.0.1:${server.port}` });
    await expect(strict.send(message)).resolves.toMatchObject({ accepted: false, permanent: false });
  });
});

const refusing = (code: number): Record<string, SMTPServerOptions> => ({
  recipient: { onRcptTo: (_address, _session, callback) => callback(reply(code, 'no')) },
  sender: { onMailFrom: (_address, _session, callback) => callback(reply(code, 'no')) },
  content: {
    onData: (stream, _session, callback) => {
      stream.resume();
      stream.on('end', () => callback(reply(code, 'no')));
    },
  },
  connection: { onConnect: (_session, callback) => callback(reply(code, 'no')) },
});

describe('a message that is refused', () => {
  test.each([
    ['recipient', 550, true],
    ['recipient', 553, true],
    ['recipient', 451, false],
    ['recipient', 452, false],
    ['content', 554, true],
    ['content', 451, false],
    ['sender', 550, false],
    ['sender', 451, false],
    ['connection', 554, false],
    ['connection', 421, false],
  ])('N2 %s, reply %d: permanent is %s', async (stage, code, permanent) => {
    const { gateway } = await mailServer(refusing(code)[stage]);
    await expect(gateway.send(message)).resolves.toEqual({
      accepted: false,
      permanent,
      code,
      response: expect.stringMatching(new RegExp(`^${code}.* no$`)),
    });
  });

  test('N2 a recipient who is refused does not hold up the next', async () => {
    const { gateway, received } = await mailServer({
      onRcptTo: ({ address }, _session, callback) =>
        callback(address.startsWith('gone') ? reply(550, 'no such user') : null),
    });
    const to = { name: 'x', address: 'gone@reader.example' };
    const outcomes = await Promise.all([gateway.send({ ...message, to }), gateway.send(message)]);
    expect(outcomes).toMatchObject([{ accepted: false, permanent: true }, { accepted: true }]);
    expect(received).toHaveLength(1);
  });

  test('N2 a wrong password of ours is no fault of the reader’s', async () => {
    const { server } = await mailServer({
      authOptional: false,
      allowInsecureAuth: true,
      onAuth: (_auth, _session, callback) => callback(reply(535, 'no')),
    });
    const gateway = gatewayTo(server, { smtpUrl: `smtp://carrel:secret@127.0.0.1:${server.port}` });
    const outcome = await gateway.send(message);
    expect(outcome).toMatchObject({ accepted: false, permanent: false, code: 535 });
    expect(JSON.stringify(outcome)).not.toContain('secret');
  });
});

describe('a server that cannot be talked to', () => {
  const quick = { connectionTimeout: 300, greetingTimeout: 300, socketTimeout: 300 };

  test('N2 nobody listens', async () => {
    const gateway = gatewayTo({ port: await freePort() }, quick);
    const outcome = await gateway.send(message);
    expect(outcome).toMatchObject({
      accepted: false,
      permanent: false,
      response: expect.stringContaining('ECONNREFUSED'),
    });
  });

  test('N2 its greeting does not come', async () => {
    const gateway = gatewayTo(running(await startRawServer(() => {})), quick);
    await expect(gateway.send(message)).resolves.toMatchObject({ accepted: false, permanent: false });
  }, 5_000);

  test('N2 it hangs up before the greeting', async () => {
    const gateway = gatewayTo(running(await startRawServer((socket) => socket.end())), quick);
    await expect(gateway.send(message)).resolves.toMatchObject({ accepted: false, permanent: false });
  });

  test('N2 it hangs up between message and reply: not accepted, and not sent again behind our back', async () => {
    let messages = 0;
    const server = await startRawServer(
      untilMessageIn((socket) => {
        messages += 1;
        socket.destroy();
      }),
    );
    const gateway = gatewayTo(running(server), quick);
    await expect(gateway.send(message)).resolves.toMatchObject({ accepted: false, permanent: false });
    expect(messages).toBe(1);
  });

  test('N2 it falls silent after the message', async () => {
    const gateway = gatewayTo(running(await startRawServer(untilMessageIn(() => {}))), quick);
    await expect(gateway.send(message)).resolves.toMatchObject({ accepted: false, permanent: false });
  }, 5_000);

  test('N2 it answers drop by drop: the deadline ends it', async () => {
    const drip = untilMessageIn((socket) => {
      const timer = setInterval(() => socket.write('2'), 100);
      socket.on('close', () => clearInterval(timer));
    });
    const gateway = gatewayTo(running(await startRawServer(drip)), { ...quick, deadline: 1000 });
    const begun = performance.now();
    await expect(gateway.send(message)).resolves.toMatchObject({ accepted: false, permanent: false });
    expect(performance.now() - begun).toBeLessThan(60_000);
  });

  test('N2 after the gateway was closed', async () => {
    const { gateway } = await mailServer();
    gateway.close();
    await expect(gateway.send(message)).resolves.toMatchObject({ accepted: false, permanent: false });
  });
});

describe('injection', () => {
  test.each([
    'victim@reader.example\r\nBcc: evil@evil.example',
    'victim@reader.example, evil@evil.example',
    'victim@reader.example;evil@evil.example',
    'victim@reader.example evil@evil.example',
    'Victim <victim@reader.example>',
    '<victim@reader.example>',
    'list: victim@reader.example, evil@evil.example;',
    'victim(comment)@reader.example',
    '"a b"@reader.example',
    'victim@reader.example>\r\nRCPT TO:<evil@evil.example',
    'victim@evil.example@reader.example',
    'victim@',
    '@reader.example',
    'victim',
    '',
  ])('N1 as a recipient is refused and reaches nobody: %j', async (address) => {
    const { gateway, received } = await mailServer();
    await expect(gateway.send({ ...message, to: { name: 'x', address } })).resolves.toMatchObject({
      accepted: false,
      permanent: true,
    });
    expect(received).toEqual([]);
  });

  test('N1 a sender that is none is reported, and the notice kept', async () => {
    const { gateway } = await mailServer();
    const from = { name: 'x', address: 'a@b.example, c@d.example' };
    await expect(gateway.send({ ...message, from })).resolves.toMatchObject({
      accepted: false,
      permanent: false,
    });
  });

  test('N1 in subject and names adds neither header nor recipient', async () => {
    const { gateway, received } = await mailServer();
    const evil = 'Momo\r\nBcc: evil@evil.example\r\n\r\n<script>\u0000"; <evil@evil.example>,';
    await gateway.send({
      ...message,
      subject: evil,
      from: { ...message.from, name: evil },
      to: { ...message.to, name: evil },
      text: '\r\n.\r\nMAIL FROM:<evil@evil.example>\r\n',
    });
    expect(received).toHaveLength(1);
    expect(received[0]?.recipients).toEqual(['hanako@reader.example']);
    const mail = await PostalMime.parse(received[0]?.raw ?? '');
    expect(mail.bcc ?? []).toEqual([]);
    expect(mail.to).toMatchObject([{ address: 'hanako@reader.example' }]);
    expect(mail.from?.address).toBe('noreply@library.example');
    const flat = 'Momo Bcc: evil@evil.example <script> "; <evil@evil.example>,';
    expect([mail.subject, mail.from?.name, mail.to?.[0]?.name]).toEqual([flat, flat, flat]);
    expect(mail.headers.map(({ key }) => key)).not.toContain('bcc');
  });

  test('N1 a body that asks for a file is not sent', async () => {
    const { gateway, received } = await mailServer();
    const disguised: typeof message = { ...message, ...JSON.parse('{"html": {"path": "/etc/hostname"}}') };
    await expect(gateway.send(disguised)).resolves.toMatchObject({ accepted: false });
    expect(received).toEqual([]);
  });
});

describe('createMailGateway', () => {
  test.each(['http://user:secret@mail.example', 'mail.example:25', '', 'direct:', 'sendmail://x'])(
    'refuses an address that is no mail server’s, without repeating it: %s',
    (smtpUrl) => {
      expect(() => createMailGateway({ smtpUrl })).toThrow('must begin with smtp:// or smtps://');
      expect(() => createMailGateway({ smtpUrl })).not.toThrow('secret');
    },
  );
});

describe('a message with a return address of its own', () => {
  test('N4 has it in the envelope, and asks for reports without the text of the mail', async () => {
    const envelopes: SMTPServerSession['envelope'][] = [];
    const { gateway, received } = await mailServer({
      hideDSN: false,
      onRcptTo: (_address, session, callback) => {
        envelopes.push(session.envelope);
        callback();
      },
    });
    const returnTo = 'bounce+abc@library.example';
    expect(await gateway.send({ ...message, returnTo })).toMatchObject({ accepted: true });
    expect(envelopes[0]).toMatchObject({ mailFrom: { address: returnTo }, dsn: { ret: 'HDRS' } });
    expect(received[0]?.recipients).toEqual([message.to.address]);
    expect(received[0]?.raw).not.toContain(returnTo);
  });

  test('N4 a recipient is one recipient all the same', async () => {
    const { gateway, received } = await mailServer();
    const returnTo = 'bounce+abc@library.example';
    const two = { name: 'x', address: 'a@library.example, b@library.example' };
    expect(await gateway.send({ ...message, to: two, returnTo })).toMatchObject({ permanent: true });
    expect(received).toEqual([]);
  });
});
