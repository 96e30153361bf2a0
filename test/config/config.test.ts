import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { apiConfig, ConfigurationError, workerConfig } from '../../config/config.ts';
import { apiSettings, workerSettings } from '../../config/settings.ts';
import { configTable } from '../../config/table.ts';

const key = Buffer.alloc(32, 7).toString('base64');

const complete = {
  DATABASE_URL: 'postgresql://carrel:secret@db/carrel',
  TEMPORAL_ADDRESS: 'temporal:7233',
  CARREL_SECRET: 's'.repeat(32),
  CARREL_PAYLOAD_KEYS: `k1:${key}`,
  PUBLIC_URL: 'https://library.example/',
  SMTP_URL: 'smtp://mail:25',
};

function mistakes(
  read: (environment: Record<string, string>) => unknown,
  environment: Record<string, string>,
): readonly string[] {
  try {
    read(environment);
  } catch (error) {
    if (error instanceof ConfigurationError) return error.mistakes;
    throw error;
  }
  return [];
}

describe('the configuration', () => {
  test('has defaults for all that can have one', () => {
    expect(apiConfig(complete)).toMatchObject({
      database: { pool: 10 },
      temporal: { namespace: 'default', taskQueue: 'carrel', tls: false },
      port: 8080,
      metricsPort: 9090,
      trustProxy: false,
      publicUrl: 'https://library.example',
      environment: 'production',
      logLevel: 'info',
    });
    expect(workerConfig(complete)).toMatchObject({ metricsPort: 9091, smtpUrl: 'smtp://mail:25' });
  });

  test('tells every mistake at once, in sentences, and repeats no value', () => {
    const wrong = {
      ...complete,
      DATABASE_URL: 'mysql://root:hunter2@db/carrel',
      CARREL_SECRET: 'hunter2',
      CARREL_PAYLOAD_KEYS: 'hunter2',
      PORT: '0',
      TRUST_PROXY: '10.0.0.0/8, everywhere',
      NODE_ENV: 'prod',
      PUBLIC_URL: '',
    };
    const told = mistakes(apiConfig, wrong);
    expect(told).toHaveLength(7);
    expect(told.join('\n')).not.toContain('hunter2');
    expect(told).toContain('PORT must be a whole number from 1 to 65535.');
    expect(told).toContainEqual(expect.stringMatching(/^PUBLIC_URL is not set\. .*For example: https:/));
  });

  test('a worker without a mail server is told of it, an API is not', () => {
    const { SMTP_URL: _none, ...without } = complete;
    expect(mistakes(workerConfig, without)).toMatchObject([expect.stringContaining('SMTP_URL is not set')]);
    expect(mistakes(apiConfig, without)).toEqual([]);
  });

  test('certificates are read at the start, and go together', () => {
    const folder = mkdtempSync(join(tmpdir(), 'carrel-'));
    const pem = join(folder, 'ca.pem');
    writeFileSync(pem, 'PEM');
    const encrypted = { ...complete, TEMPORAL_TLS: 'on', TEMPORAL_TLS_CA: pem };
    expect(apiConfig(encrypted).temporal.tls).toEqual({ ca: Buffer.from('PEM') });
    expect(mistakes(apiConfig, { ...encrypted, TEMPORAL_TLS_CERT: `${pem}.gone` })).toMatchObject([
      expect.stringMatching(/^TEMPORAL_TLS_CERT names a file that cannot be read/),
      expect.stringContaining('belong together'),
    ]);
    expect(mistakes(apiConfig, { ...complete, TEMPORAL_API_KEY: 'k' })).toMatchObject([
      expect.stringContaining('TEMPORAL_TLS is not on'),
    ]);
    rmSync(folder, { recursive: true });
  });

  test('payload keys: the first encrypts, each has its own id and 32 bytes', () => {
    const two = apiConfig({ ...complete, CARREL_PAYLOAD_KEYS: `new:${key},old:${key}` });
    expect(two.temporal.payloadKeys.map(({ id, key: bytes }) => [id, bytes.length])).toEqual([
      ['new', 32],
      ['old', 32],
    ]);
    for (const wrong of [`a:${key},a:${key}`, 'a:c2hvcnQ=', `:${key}`, `a:${key},`])
      expect(mistakes(apiConfig, { ...complete, CARREL_PAYLOAD_KEYS: wrong })).toHaveLength(1);
  });

  test('client secrets: a JSON object by library and provider, and nothing of it is repeated', () => {
    const read = (text: string) => apiConfig({ ...complete, CARREL_OIDC_SECRETS: text }).oidcSecrets;
    expect(read('{"zju/campus":"a,b:c%"}')).toEqual(new Map([['zju/campus', 'a,b:c%']]));
    expect(apiConfig(complete)).toMatchObject({ oidcSecrets: new Map(), members: 'members' });
    for (const wrong of ['hunter2', '{"campus":"hunter2"}', '{"zju/campus":""}']) {
      const told = mistakes(apiConfig, { ...complete, CARREL_OIDC_SECRETS: wrong });
      expect(told).toEqual(['CARREL_OIDC_SECRETS must be a JSON object of secrets by library/provider.']);
    }
  });

  test('I18 what agencies prove themselves with: by library and peer, never repeated in a mistake', () => {
    const read = (text: string) => apiConfig({ ...complete, CARREL_PEERS: text }).peers;
    const keys = { in: 'sixteen characters', out: 'short', account: 'zju', certificate: 'CN=nstl' };
    expect(read(JSON.stringify({ 'zju/nstl': keys }))).toEqual(new Map([['zju/nstl', keys]]));
    expect(workerConfig({ ...complete, SMTP_URL: 'smtp://mail' }).peers).toEqual(new Map());
    for (const wrong of [
      'hunter2',
      '{"nstl":{}}',
      '{"zju/nstl":{"in":"hunter2"}}',
      '{"zju/nstl":{"secret":"hunter2"}}',
    ]) {
      const [told, ...more] = mistakes(apiConfig, { ...complete, CARREL_PEERS: wrong });
      expect(told).toContain('CARREL_PEERS must be a JSON object');
      expect([told, more]).not.toContain('hunter2');
    }
    expect(
      apiConfig({ ...complete, PEER_CERTIFICATE_HEADER: 'X-Client-Subject' }).peerCertificateHeader,
    ).toBe('x-client-subject');
    expect(mistakes(apiConfig, { ...complete, PEER_CERTIFICATE_HEADER: 'a: b' })).toHaveLength(1);
  });

  test('proxies: none, a number, or a list of networks', () => {
    const trusted = (text: string) => apiConfig({ ...complete, TRUST_PROXY: text }).trustProxy;
    expect(trusted('none')).toBe(false);
    expect(trusted('2')).toBe(2);
    expect(trusted('10.0.0.0/8, ::1, loopback')).toEqual(['10.0.0.0/8', '::1', 'loopback']);
    for (const wrong of ['true', '0', '10.0.0.0/33', '10.0.0', '*'])
      expect(mistakes(apiConfig, { ...complete, TRUST_PROXY: wrong })).toHaveLength(1);
  });

  test('the documented table names every variable once', () => {
    const names = new Set([...Object.keys(apiSettings.shape), ...Object.keys(workerSettings.shape)]);
    const rows = configTable().split('\n').slice(2);
    expect(rows.map((row) => /^\| `(\w+)`/.exec(row)?.[1])).toEqual([...names]);
    expect(configTable()).toContain('| `METRICS_PORT` | API, worker | `9090` / `9091` |');
    expect(configTable()).toContain('| `DATABASE_URL` | API, worker | **required** |');
  });
});
