import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Edge, startEdge } from './edge.ts';
import { exchanges, requestXml, told } from '../support/exchange.ts';

const secret = 'a secret of north and home';
let edge: Edge;
beforeAll(async () => {
  edge = await startEdge({
    change: (policy) => (policy.code === 'demo' ? exchanges(policy) : policy),
    config: { peerCertificateHeader: 'x-client-subject' },
    peerKeys: new Map([
      ['demo/north', { in: secret }],
      ['demo/south', { in: 'another secret, of south', certificate: 'CN=south' }],
    ]),
  });
});
afterAll(() => edge.stop());

let serial = 0;
const xmlFrom = (from: 'north' | 'south') =>
  requestXml({ from, ref: `R-${(serial += 1)}`, at: edge.clock.now });

/** The trusted proxy in front says where a request comes from. */
async function post(body: string, headers: Record<string, string> = {}, library = 'demo') {
  const response = await fetch(`${edge.url}/iso18626/${library}`, {
    method: 'POST',
    headers: { 'content-type': 'application/xml', 'x-forwarded-for': '192.0.2.1', ...headers },
    body,
  });
  const xml = await response.text();
  const said = response.status === 200 ? told({ outcome: 'confirmed', xml, rouse: [] }) : '';
  return { status: response.status, said, headers: response.headers };
}

test('I18 an agency proves itself by bearer token, by password, in the message, or by its certificate', async () => {
  const basic = `Basic ${Buffer.from(`XX-NORTH:${secret}`).toString('base64')}`;
  const inMessage = `<requestingAgencyAuthentication><securityCode>${secret}</securityCode></requestingAgencyAuthentication></header>`;
  const answers = [
    await post(xmlFrom('north'), { authorization: `Bearer ${secret}` }),
    await post(xmlFrom('north'), { authorization: basic, 'content-type': 'text/xml; charset=utf-8' }),
    await post(xmlFrom('north').replace('</header>', inMessage)),
    await post(xmlFrom('south'), { 'x-client-subject': 'CN=south' }),
  ];
  expect(answers.map(({ status, said }) => [status, said])).toEqual(answers.map(() => [200, 'OK']));
  expect(answers[0]?.headers.get('content-type')).toBe('application/xml; charset=utf-8');
  expect(edge.engine.asked.filter(({ name }) => name === 'rouse')).toHaveLength(4);
});

test('I18 a secret speaks for its own agency and library only; the rest of the API knows no secrets', async () => {
  const bearer = { authorization: `Bearer ${secret}` };
  expect(await post(xmlFrom('south'), bearer)).toMatchObject({
    status: 200,
    said: 'ERROR | UnrecognisedDataValue requestingAgencyId: ISIL:XX-SOUTH',
  });
  expect(await post(xmlFrom('north'), bearer, 'chikushino')).toMatchObject({ status: 404 });
  expect(await post(xmlFrom('north'), bearer, 'nowhere')).toMatchObject({ status: 404 });
  expect(await post(xmlFrom('north'), { ...bearer, 'content-type': 'application/json' })).toMatchObject({
    status: 415,
  });
  expect(await post('x'.repeat(300_000), bearer)).toMatchObject({ status: 413 });
  const asReader = await fetch(`${edge.url}/v1/staff/peers`, { headers: bearer });
  expect(asReader.status).toBe(401);
});

test('I18 who has no secret is told nothing, and after some tries is not listened to', async () => {
  const stranger = { 'x-forwarded-for': '198.51.100.7' };
  const first = await post(xmlFrom('north'), stranger);
  expect([first.status, first.headers.get('www-authenticate')]).toEqual([401, 'Bearer, Basic']);
  const wrong = { ...stranger, authorization: 'Bearer nonsense' };
  const statuses: number[] = [];
  for (let tries = 0; tries < 31; tries += 1) statuses.push((await post('<a/>', wrong)).status);
  expect(statuses.slice(0, 29)).toEqual(Array.from({ length: 29 }, () => 401));
  expect(statuses.slice(29)).toEqual([429, 429]);
  const right = { ...stranger, authorization: `Bearer ${secret}` };
  expect((await post(xmlFrom('north'), right)).status).toBe(429);
  expect((await post(xmlFrom('north'), { authorization: `Bearer ${secret}` })).status).toBe(200);
});

test('I18 staff see the line and the message; of another library nothing', async () => {
  await post(xmlFrom('north'), { authorization: `Bearer ${secret}` });
  const { token } = await edge.staff(['ill-librarian']);
  const lines = await edge.call('GET', '/v1/staff/peers', { token });
  expect(lines.body.items).toMatchObject([
    { code: 'north', state: 'working', queued: 0, heardAt: expect.any(String), inPolicy: true },
    { code: 'south', state: 'working' },
  ]);
  const messages = await edge.call('GET', '/v1/staff/messages?peer=north&limit=1', { token });
  expect(messages.body.items).toMatchObject([{ says: 'New', state: 'stored', direction: 'in' }]);
  expect(messages.body.next).toContain('peer=north');
  const whole = await edge.call('GET', `/v1/staff/messages/${messages.body.items[0].id}`, { token });
  expect(whole.body).toMatchObject({
    xml: expect.stringContaining('Kokoro'),
    confirmation: expect.stringContaining('>OK<'),
  });
  const stray = await edge.call('GET', '/v1/staff/messages?stray=true', { token });
  expect(stray.body.items).toMatchObject([{ state: 'refused', peer: { code: 'north' } }]);
  const other = await edge.staff(['ill-librarian'], 'chikushino');
  expect((await edge.call('GET', '/v1/staff/messages', other)).body.items).toEqual([]);
});
