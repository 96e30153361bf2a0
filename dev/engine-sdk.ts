import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { keep } from './engine-local.ts';
import type { Found, Program, Search } from './engine-programs.ts';
import { runProgram } from './run-program.ts';

const downloader = fileURLToPath(new URL('engine-sdk-download.ts', import.meta.url));
const silentForMs = 20_000;

/**
 * The SDK's own download, in a process of its own: on a closed network it may neither succeed nor fail,
 * so it is ended when no byte has arrived for 20 seconds.
 */
export async function fromSdk(program: Program, search: Search): Promise<Found> {
  search.say(`downloading ${program.title} ${program.version}`);
  const folder = await mkdtemp(join(search.cacheDir, 'download-'));
  const silence = new AbortController();
  const watch = watchGrowth(folder, () => silence.abort());
  try {
    const args = [downloader, program.file, `v${program.version}`, folder];
    const done = await runProgram(process.execPath, args, { env: search.env, signal: silence.signal });
    if (silence.signal.aborted) return { failed: 'the download server did not answer' };
    const [file] = await readdir(folder);
    if (!done.ok || file === undefined) return { failed: `the download server: ${cause(done.stderr)}` };
    return await keep(join(folder, file), program, search);
  } finally {
    clearInterval(watch);
    await rm(folder, { recursive: true, force: true });
  }
}

function watchGrowth(folder: string, onSilence: () => void): NodeJS.Timeout {
  let last = { bytes: 0, at: Date.now() };
  const look = async () => {
    const bytes = await sizeOf(folder);
    if (bytes !== last.bytes) last = { bytes, at: Date.now() };
    else if (Date.now() - last.at > silentForMs) onSilence();
  };
  return setInterval(() => void look(), 1000);
}

async function sizeOf(folder: string): Promise<number> {
  const files = await readdir(folder).catch(() => []);
  const sizes = files.map((file) => stat(join(folder, file)).catch(() => undefined));
  return (await Promise.all(sizes)).reduce((sum, found) => sum + (found?.size ?? 0), 0);
}

/** The SDK reports a chain of causes, "a: b: c"; the last one tells a person most. */
function cause(reason: string): string {
  return reason.trim().split(': ').at(-1) ?? '';
}
