import { execFile } from 'node:child_process';
import { cpSync, existsSync, globSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';

interface Service {
  readonly build?: string;
  readonly command?: readonly string[];
  readonly env_file?: readonly { readonly path: string }[];
  readonly volumes?: readonly string[];
}

const dockerfile = readFileSync('Dockerfile', 'utf8');
const folders = [...dockerfile.matchAll(/^COPY (\w+) \.\/\1$/gmu)].map(([, folder = '']) => folder);
const compose = parse(readFileSync('docker-compose.yml', 'utf8'), { merge: true }) as {
  readonly services: Readonly<Record<string, Service>>;
};
const ours = Object.entries(compose.services).filter(([, { build }]) => build !== undefined);

/** What the image holds, in a folder of its own; the packages are those of this checkout. */
let image: string;

beforeAll(() => {
  image = mkdtempSync(join(tmpdir(), 'carrel-image-'));
  for (const folder of folders) cpSync(folder, join(image, folder), { recursive: true });
  cpSync('package.json', join(image, 'package.json'));
  symlinkSync(resolve('node_modules'), join(image, 'node_modules'));
});

afterAll(() => rmSync(image, { recursive: true, force: true }));

/** What a command says of itself that has been told nothing. */
function said(file: string): Promise<string> {
  return new Promise((tell) => {
    execFile(process.execPath, [file], { cwd: image, env: {} }, (_error, out, err) => tell(out + err));
  });
}

describe('the image', () => {
  test('gets every folder that it is made of: what is copied is not ignored', () => {
    const passing = readFileSync('.dockerignore', 'utf8')
      .split('\n')
      .filter((line) => line.startsWith('!') && !line.includes('.'))
      .map((line) => line.slice(1));
    expect(folders.length).toBeGreaterThan(10);
    expect(passing.toSorted()).toEqual(folders.toSorted());
  });

  test.each([
    ['api/main.ts', 'DATABASE_URL is not set'],
    ['worker/main.ts', 'DATABASE_URL is not set'],
    ['engine/prepare.ts', 'DATABASE_URL is not set'],
    ['db/audit.ts', 'DATABASE_URL is not set'],
    ['db/migrate.ts', 'Set DATABASE_URL'],
    ['api/staff/main.ts', 'Say create or reset'],
    ['import/main.ts', '--library is missing'],
  ])('has all that %s needs to begin', async (file, sentence) => {
    expect(await said(file)).toContain(sentence);
  });

  test('has no need of packages for development', () => {
    const { dependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as { dependencies: object };
    const imported = folders
      .flatMap((folder) => globSync(`${folder}/**/*.ts`))
      .flatMap((file) => [
        ...readFileSync(file, 'utf8').matchAll(/^(?!import type ).*(?:from |import\()'([^'.][^']*)'/gmu),
      ])
      .map(([, name = '']) =>
        name
          .split('/')
          .slice(0, name.startsWith('@') ? 2 : 1)
          .join('/'),
      )
      .filter((name) => !name.startsWith('node:') && !builtinModules.includes(name));
    const allowed = new Set(Object.keys(dependencies));
    expect([...new Set(imported)].filter((name) => !allowed.has(name))).toEqual([]);
  });
});

describe('docker-compose.yml', () => {
  test.each(ours)('%s: its command is there, and settings and policies reach it', (_name, service) => {
    const files = [...(service.command ?? []).join(' ').matchAll(/\S+\.ts/gu)].map(([file]) => file);
    expect(files.length).toBeGreaterThan(0);
    for (const file of files) expect(existsSync(join(image, file))).toBe(true);
    expect(service.env_file).toContainEqual({ path: '.env', required: false });
    expect(service.volumes?.join()).toContain('./policies:/carrel/policies');
  });
});
