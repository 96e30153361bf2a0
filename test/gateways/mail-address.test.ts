import { expect, test } from '@jest/globals';
import { deliverableForm, isMailAddress, messageIdFor } from '../../activities/gateways/mail-address.ts';
import { createMailGateway } from '../../activities/gateways/mail.ts';
import { startRawServer } from './smtp-servers.ts';

test.each([
  'hanako@reader.example',
  'first.last+library@sub.reader.example',
  "o'hara@reader.example",
  'hanako..yamada.@docomo.ne.jp',
  '田中@例え.jp',
  'reader@localhost',
  `${'a'.repeat(64)}@reader.example`,
])('%s is one mail address', (address) => {
  expect(isMailAddress(address)).toBe(true);
});

test.each([
  'a b@reader.example',
  'a@b.example@reader.example',
  'a@reader..example',
  'a@-reader.example',
  'a@reader.example.',
  'a@[127.0.0.1]',
  'a\t@reader.example',
  'a\u202E@reader.example',
  `${'a'.repeat(65)}@reader.example`,
  `a@${'b.'.repeat(130)}example`,
])('%j is not', (address) => {
  expect(isMailAddress(address)).toBe(false);
});

test('N2 a notice has the same Message-ID at every attempt', () => {
  expect(messageIdFor('0197', 'noreply@library.example')).toBe('<0197@library.example>');
});

test('N1 an address of the old mobile carriers goes out in quotes', async () => {
  expect(deliverableForm('hanako@reader.example')).toBe('hanako@reader.example');
  const lines: string[] = [];
  const server = await startRawServer((socket) => {
    socket.write('220 ready\r\n');
    socket.on('data', (chunk) => {
      lines.push(chunk.toString().trim());
      socket.write(chunk.toString().startsWith('RCPT') ? '550 enough\r\n' : '250 fine\r\n');
    });
  });
  const gateway = createMailGateway({ smtpUrl: `smtp://127.0.0.1:${server.port}` });
  await gateway.send({
    messageId: '<1@library.example>',
    from: { name: 'x', address: 'noreply@library.example' },
    to: { name: 'x', address: 'hanako..yamada.@docomo.ne.jp' },
    returnTo: 'bounce+abc@library.example',
    subject: 'x',
    text: 'x',
    html: 'x',
    language: 'ja',
  });
  gateway.close();
  await server.close();
  expect(lines).toContain('MAIL FROM:<bounce+abc@library.example>');
  expect(lines).toContain('RCPT TO:<"hanako..yamada."@docomo.ne.jp>');
});
