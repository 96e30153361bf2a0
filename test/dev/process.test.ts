import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { commandOf } from '../../dev/other-process.ts';
import { freePort, requireFreePort } from '../../dev/ports.ts';
import { runToEnd, startChild, type ChildOptions } from '../../dev/process.ts';

let folder: string;

beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'carrel-process-'))));
afterEach(() => rm(folder, { recursive: true }));

function script(code: string): ChildOptions {
  return {
    name: 'the worker',
    command: process.execPath,
    args: ['-e', code],
    logFile: join(folder, 'worker.log'),
    ready: (output) => output.includes('ready'),
    readyWithinMs: 10_000,
  };
}

describe('a child process', () => {
  test('is ready when it says so, ends when told to, and leaves its log with times', async () => {
    const child = await startChild(script('console.log("ready"); setInterval(() => {}, 1000)'));
    expect(await commandOf(child.pid)).toContain('setInterval');
    await child.stop();
    expect(await commandOf(child.pid)).toBe('');
    expect(await readFile(join(folder, 'worker.log'), 'utf8')).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z ready\n$/);
  });

  test('is killed when it does not end in time', async () => {
    const stubborn = 'process.on("SIGTERM", () => {}); console.log("ready"); setInterval(() => {}, 1000)';
    const child = await startChild({ ...script(stubborn), graceMs: 200 });
    await child.stop();
    expect((await child.ended).sentence).toMatch(/^The worker was ended by SIGKILL\./);
  });

  test('that ends instead of becoming ready is told with its last lines', async () => {
    const start = startChild(script('console.error("no such policy"); process.exit(3)'));
    await expect(start).rejects.toThrow(
      `The worker ended with code 3. Its last lines (whole log: ${folder}/worker.log):\nno such policy`,
    );
  });

  test('that falls over an error is told by the error and not by the way to it', async () => {
    const start = startChild(script('function f() { throw new Error("no such table") }\nf()'));
    await expect(start).rejects.toThrow(
      /^The worker ended with code 1\. Its last lines .*:\n.*Error: no such table$/s,
    );
    await expect(start).rejects.not.toThrow(/ at f|Node\.js/);
  });

  test('that ends later is told by how it ended', async () => {
    const child = await startChild(script('console.log("ready"); setTimeout(() => process.exit(7), 200)'));
    expect(await child.ended).toMatchObject({
      ok: false,
      sentence: expect.stringContaining('ended with code 7'),
    });
  });

  test('that stays silent is ended and told', async () => {
    const start = startChild({ ...script('setInterval(() => {}, 1000)'), readyWithinMs: 300 });
    await expect(start).rejects.toThrow('The worker was not ready within 0 s and wrote nothing');
  });

  test('that cannot be started is told', async () => {
    const start = startChild({ ...script(''), command: join(folder, 'nothing') });
    await expect(start).rejects.toThrow(/^The worker could not be started \(.*ENOENT\)/);
  });
});

describe('a program that is to end', () => {
  test('gives its output', async () => {
    expect(await runToEnd(script('console.log("one\\ntwo")'))).toEqual(['one', 'two']);
  });

  test('fails with its last lines', async () => {
    await expect(runToEnd(script('console.error("no table"); process.exit(1)'))).rejects.toThrow('no table');
  });
});

describe('a port', () => {
  test('that is taken is told with the variable that moves it', async () => {
    const port = await freePort();
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(port, '127.0.0.1', resolve));
    await expect(requireFreePort(port, 'the API', 'PORT')).rejects.toThrow(
      `Port ${port}, wanted for the API, is taken by another program: stop that program, or set PORT to a free port.`,
    );
    await new Promise((resolve) => other.close(resolve));
    await expect(requireFreePort(port, 'the API', 'PORT')).resolves.toBeUndefined();
  });
});
