import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { afterAll, describe, expect, test } from '@jest/globals';
import { peerKeys } from '../../config/peer-keys.ts';
import type { PeerPolicy } from '../../domain/policy-peers.ts';
import { createPost, type Posted } from '../../peers/post.ts';

const path = (name: string) => `test/fixtures/tls/${name}`;
const file = (name: string) => readFileSync(path(name), 'utf8');

const opened: (() => void)[] = [];
afterAll(() => opened.forEach((close) => close()));

/** A server that lets nobody in without a certificate of the authority; `name` is its own. */
async function serverNamed(name: 'server' | 'stranger-server') {
  const seen: string[] = [];
  const options = {
    cert: file(`${name}.pem`),
    key: file(`${name}.key`),
    ca: file('authority.pem'),
    requestCert: true,
    rejectUnauthorized: true,
  };
  const server = createServer(options, (request, response) => {
    seen.push(String((request.socket as TLSSocket).getPeerCertificate().subject.CN));
    response.end('<a/>');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  opened.push(() => {
    server.close();
    server.closeAllConnections();
  });
  return { url: `https://127.0.0.1:${(server.address() as AddressInfo).port}/iso18626`, seen };
}

const name = { en: 'North', de: 'North', ja: 'North', zh: 'North' };
const peerAt = (url: string): PeerPolicy => ({
  code: 'north',
  name,
  agency: { type: 'ISIL', value: 'XX-NORTH' },
  url,
  edition: '1.2',
  auth: 'bearer',
});

const keysOf = (tls: object) => peerKeys.parse(JSON.stringify({ 'home/north': { out: 'secret', tls } }));

function postTo(url: string, tls: object): Promise<Posted> {
  const letter = { library: 'home', agency: { type: 'ISIL', value: 'XX-HOME' }, peer: peerAt(url) };
  return createPost(keysOf(tls), 5_000)({ ...letter, xml: '<a/>' });
}

const certificate = { cert: path('client.pem'), key: path('client.key') };

describe('mutual TLS to another agency', () => {
  test('I18 its server asks for our certificate and gets it', async () => {
    const { url, seen } = await serverNamed('server');
    expect(await postTo(url, { ...certificate, ca: path('authority.pem') })).toEqual({
      status: 200,
      body: '<a/>',
    });
    expect(seen).toEqual(['home']);
  });

  test('I18 without our certificate it takes nothing', async () => {
    const { url, seen } = await serverNamed('server');
    await expect(postTo(url, { ca: path('authority.pem') })).rejects.toThrow(
      /certificate required|ECONNRESET|EPIPE|socket/iu,
    );
    expect(seen).toEqual([]);
  });

  test('I18 a server whose certificate an unknown authority has signed gets nothing', async () => {
    const { url, seen } = await serverNamed('stranger-server');
    for (const tls of [certificate, { ...certificate, ca: path('authority.pem') }])
      await expect(postTo(url, tls)).rejects.toThrow(/certificate/u);
    expect(seen).toEqual([]);
    const trusted = { ...certificate, ca: path('stranger-authority.pem') };
    expect((await postTo(url, trusted)).status).toBe(200);
  });

  test('I18 where a certificate is set, nothing goes out unencrypted', () => {
    expect(() => postTo('http://127.0.0.1:1/', certificate)).toThrow('its address is not https');
  });
});

describe('CARREL_PEERS', () => {
  const mistakes = (tls: object) => {
    const text = JSON.stringify({ 'home/north': { tls } });
    return (peerKeys.safeParse(text).error?.issues ?? []).map(({ message }) => message).join('\n');
  };

  test.each([
    [{ cert: path('client.pem') }, 'has only one of tls.cert and tls.key (home/north)'],
    [{ cert: path('client.pem'), key: path('server.key') }, 'is not the one of its certificate'],
    [{ cert: path('client.key'), key: path('client.key') }, `in PEM: ${path('client.key')}`],
    [{ cert: path('client.pem'), key: path('client.pem') }, `in PEM: ${path('client.pem')}`],
    [{ ca: path('none.pem') }, 'names a file that cannot be read: '],
    [{ ca: 'README.md' }, 'in PEM: README.md'],
  ])('I18 %j is told at the start', (tls, told) => {
    expect(mistakes(tls)).toContain(told);
    expect(mistakes(tls)).not.toContain('PRIVATE');
  });
});
