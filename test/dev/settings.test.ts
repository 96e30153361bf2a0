import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { takeLock } from '../../dev/lock.ts';
import { devSecrets } from '../../dev/secrets.ts';
import { portsInUse, readSettings } from '../../dev/settings.ts';

let folder: string;

beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'carrel-settings-'))));
afterEach(() => rm(folder, { recursive: true }));

describe('settings', () => {
  test('have a default for each port, and a variable', () => {
    expect(readSettings({}).ports).toMatchObject({ PORT: 8080, POSTGRES_PORT: 54_329, MAILBOX_PORT: 8025 });
    expect(readSettings({ PORT: '9000' }).ports.PORT).toBe(9000);
  });

  test('tell all their mistakes at once', () => {
    const wrong = { PORT: 'eighty', METRICS_PORT: '70000', MAILBOX_PORT: '2525' };
    expect(() => readSettings(wrong)).toThrow(
      'PORT must be a port number from 1 to 65535, not "eighty"; METRICS_PORT must be a port number from 1 to 65535, ' +
        'not "70000"; MAILBOX_SMTP_PORT and MAILBOX_PORT are both 2525.',
    );
  });

  test('need no port for a part whose address is given', () => {
    const given = {
      DATABASE_URL: 'postgresql://db/carrel',
      TEMPORAL_ADDRESS: 'temporal:7233',
      SMTP_URL: ' ',
    };
    expect(portsInUse(readSettings(given))).toEqual([
      'MAILBOX_SMTP_PORT',
      'MAILBOX_PORT',
      'GATEWAY_PORT',
      'PORT',
      'METRICS_PORT',
      'WORKER_METRICS_PORT',
    ]);
  });
});

describe('secrets', () => {
  test('are made once and are for their user alone', async () => {
    const made = await devSecrets(folder);
    expect(await devSecrets(folder)).toEqual(made);
    expect(made.CARREL_SECRET.length).toBeGreaterThanOrEqual(32);
    expect(made.CARREL_PAYLOAD_KEYS).toMatch(/^dev:[A-Za-z0-9+/]{43}=$/);
    expect((await stat(join(folder, 'secrets.json'))).mode & 0o777).toBe(0o600);
  });

  test('that are broken are told and not replaced, for the data could not be read again', async () => {
    await writeFile(join(folder, 'secrets.json'), '{"CARREL_SECRET": ');
    await expect(devSecrets(folder)).rejects.toThrow('secrets.json cannot be read: restore it');
  });
});

describe('the lock of a data folder', () => {
  test('is refused while its start runs, with its process', async () => {
    const other = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    await writeFile(join(folder, 'lock'), String(other.pid));
    await expect(takeLock(folder)).rejects.toThrow(`Carrel already runs on ${folder} (process ${other.pid})`);
    const ended = once(other, 'close');
    other.kill();
    await ended;
  });

  test('tells in a sentence of a folder that cannot be made', async () => {
    const file = join(folder, 'file');
    await writeFile(file, '');
    for (const dataDir of [file, join(file, 'below')])
      await expect(takeLock(dataDir)).rejects.toMatchObject({
        name: 'SetupError',
        message: expect.stringContaining(`The data folder ${dataDir} cannot be made`),
      });
  });

  test('is taken over from a dead one, and given up', async () => {
    const dead = spawn(process.execPath, ['-e', '']);
    await once(dead, 'close');
    await writeFile(join(folder, 'lock'), String(dead.pid));
    const unlock = await takeLock(folder);
    expect(await readFile(join(folder, 'lock'), 'utf8')).toBe(`${process.pid}\n`);
    await unlock();
    await expect(stat(join(folder, 'lock'))).rejects.toThrow('ENOENT');
  });
});
