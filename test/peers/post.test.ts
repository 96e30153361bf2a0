import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, describe, expect, test } from '@jest/globals';
import type { PeerPolicy } from '../../domain/policy-peers.ts';
import { answerOf } from '../../peers/answer.ts';
import { decodeXml } from '../../peers/decode.ts';
import { createPost } from '../../peers/post.ts';
import { createProve } from '../../peers/proof.ts';

const opened: (() => void)[] = [];
afterAll(() => opened.forEach((close) => close()));

async function serverThat(does: RequestListener): Promise<string> {
  const server = createServer(does).listen(0, '127.0.0.1');
  await once(server, 'listening');
  opened.push(() => {
    server.close();
    server.closeAllConnections();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/iso18626`;
}

const name = { en: 'North', de: 'North', ja: 'North', zh: 'North' };
const agency = { type: 'ISIL', value: 'XX-HOME' };
const peerAt = (url: string, auth: PeerPolicy['auth'] = 'bearer'): PeerPolicy => ({
  code: 'north',
  name,
  agency: { type: 'ISIL', value: 'XX-NORTH' },
  url,
  edition: '1.2',
  auth,
});

const secret = 'the secret of sixteen';
const keys = new Map([['home/north', { in: 'their secret of sixteen', out: secret }]]);
const xml = '<ISO18626Message><request><header></header></request></ISO18626Message>';

describe('posting', () => {
  test('I18 what goes out proves whose it is, and what comes in that way is believed', async () => {
    const seen: { authorization: string | undefined; body: string; type: string | undefined }[] = [];
    const url = await serverThat((request, response) => {
      const parts: Buffer[] = [];
      request.on('data', (part: Buffer) => parts.push(part));
      request.on('end', () => {
        const { authorization, 'content-type': type } = request.headers;
        seen.push({ authorization, type, body: Buffer.concat(parts).toString() });
        response.writeHead(201).end('<a/>');
      });
    });
    const post = createPost(keys);
    for (const auth of ['bearer', 'basic', 'message'] as const)
      expect(await post({ library: 'home', agency, peer: peerAt(url, auth), xml })).toEqual({
        status: 201,
        body: '<a/>',
      });
    const [bearer, basic, message] = seen;
    const prove = createProve(
      new Map([
        ['other/home', { in: secret, certificate: 'CN=home' }],
        ['other/third', {}],
      ]),
    );
    expect(bearer?.type).toBe('application/xml; charset=utf-8');
    expect([...prove('other', { authorization: bearer?.authorization })]).toEqual(['home']);
    expect([...prove('other', { authorization: basic?.authorization })]).toEqual(['home']);
    expect(message?.authorization).toBeUndefined();
    const securityCode = /<securityCode>(.*)<\/securityCode>/u.exec(message?.body ?? '')?.[1];
    expect([...prove('other', { securityCode })]).toEqual(['home']);
    expect([...prove('other', { certificate: 'CN=home' })]).toEqual(['home']);
    for (const wrong of [
      {},
      { authorization: 'Bearer ' },
      { authorization: 'Bearer no' },
      { securityCode: '' },
      { certificate: '' },
    ])
      expect([...prove('other', wrong)]).toEqual([]);
    expect([...prove('elsewhere', { authorization: bearer?.authorization })]).toEqual([]);
  });

  test('I18 a redirection is not followed', async () => {
    let visits = 0;
    const url = await serverThat((_request, response) => {
      visits += 1;
      response.writeHead(307, { location: url }).end();
    });
    const posted = await createPost(keys)({ library: 'home', agency, peer: peerAt(url), xml });
    expect([posted.status, visits]).toEqual([307, 1]);
  });

  test('I18 whoever answers nothing, or without end, is given up', async () => {
    const silent = await serverThat(() => undefined);
    const endless = await serverThat((_request, response) => {
      const more = () =>
        void (response.write('x'.repeat(60_000)) ? setImmediate(more) : response.once('drain', more));
      more();
    });
    const post = createPost(keys, 300);
    await expect(post({ library: 'home', agency, peer: peerAt(silent), xml })).rejects.toThrow(
      /timeout|aborted/iu,
    );
    await expect(post({ library: 'home', agency, peer: peerAt(endless), xml })).rejects.toThrow(
      /longer than|timeout|aborted/iu,
    );
    const nobody = peerAt('http://127.0.0.1:1/');
    await expect(post({ library: 'home', agency, peer: nobody, xml })).rejects.toThrow('ECONNREFUSED');
  });
});

const confirmation = (status: string, more = '', ref = 'R1') =>
  `<ISO18626Message xmlns="http://illtransactions.org/2013/iso18626"><requestConfirmation><confirmationHeader><timestamp>2026-11-22T10:00:00Z</timestamp>
   <requestingAgencyRequestId>${ref}</requestingAgencyRequestId><timestampReceived>2026-11-22T10:00:00Z</timestampReceived>
   <messageStatus>${status}</messageStatus></confirmationHeader>${more}</requestConfirmation></ISO18626Message>`;
const error = (type: string, value: string) =>
  confirmation(
    'ERROR',
    `<errorData><errorType>${type}</errorType><errorValue>${value}</errorValue></errorData>`,
  );

describe('answers of other systems', () => {
  const request = { name: 'request', requestRef: 'R1' };
  const action = { name: 'requestingAgencyMessage', requestRef: 'R1' };
  const outcome = (status: number, body: string, about = request) => answerOf({ status, body }, about);

  test('I18 a confirmation is one with 200 and with 201', () => {
    for (const status of [200, 201, 202])
      expect(outcome(status, confirmation('OK'))).toEqual({ outcome: 'sent' });
  });

  test('I18 an error is final with 200 and with 400, whatever it is called', () => {
    expect(outcome(200, error('UnrecognisedDataValue', 'status'))).toEqual({
      outcome: 'refused',
      error: 'UnrecognisedDataValue: status',
    });
    expect(outcome(400, error('UnrecognizedDataValue', 'status'))).toMatchObject({
      outcome: 'refused',
      error: expect.stringContaining('UnrecognizedDataValue'),
    });
  });

  test('I18 a secret that is not taken, a server in trouble, another’s confirmation: it is tried again', () => {
    const again = [
      outcome(400, error('AuthenticationFailed', '')),
      outcome(401, ''),
      outcome(403, error('UnrecognisedDataValue', '')),
      outcome(500, confirmation('ERROR')),
      outcome(503, '<html>'),
      outcome(200, ''),
      outcome(200, '<html/>'),
      outcome(200, confirmation('OK', '', 'R2')),
      outcome(500, confirmation('OK')),
    ];
    expect(again.map(({ outcome: became }) => became)).toEqual(again.map(() => 'failed'));
  });

  test('I18 a request that the other side already has is as good as sent; an action is not', () => {
    expect(outcome(409, '')).toEqual({ outcome: 'sent' });
    expect(outcome(409, error('UnrecognisedDataValue', 'R1'))).toEqual({ outcome: 'sent' });
    expect(outcome(200, error('UnrecognisedDataValue', 'RequestIdAlreadyExists'))).toEqual({
      outcome: 'sent',
    });
    expect(outcome(200, error('UnrecognisedDataValue', 'already'), action).outcome).toBe('refused');
  });
});

test('I18 XML is read in the encoding that it states', () => {
  const declared = (encoding: string, text: Buffer) =>
    decodeXml(Buffer.concat([Buffer.from(`<?xml version="1.0" encoding="${encoding}"?>`), text]));
  expect(declared('ISO-8859-1', Buffer.from([0xe4]))).toContain('ä');
  expect(declared('UTF-8', Buffer.from('図書館'))).toContain('図書館');
  expect(declared('Shift_JIS', Buffer.from([0x90, 0x7d]))).toContain('図');
  expect(declared('nonsense', Buffer.from('ok'))).toContain('ok');
  expect(declared('utf-16', Buffer.from('図書館'))).toContain('図書館');
});

test('I18 XML in UTF-16 is read, with its mark or without; NUL, which nothing can keep, is not', () => {
  const little = Buffer.from('<a>図書館</a>', 'utf16le');
  const big = Buffer.from(little).swap16();
  const [markLittle, markBig] = [Buffer.from('fffe', 'hex'), Buffer.from('feff', 'hex')];
  for (const bytes of [little, big, Buffer.concat([markLittle, little]), Buffer.concat([markBig, big])])
    expect(decodeXml(bytes)).toBe('<a>図書館</a>');
  expect(decodeXml(Buffer.from('<a>\0</a>'))).toBe('<a>\uFFFD</a>');
});
