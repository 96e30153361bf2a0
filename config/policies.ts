import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parseDocument } from 'yaml';
import { neighbourMistakes } from '../domain/ill-mistakes.ts';
import { libraryPolicySchema } from '../domain/policy.ts';
import type { LibraryPolicy } from '../domain/policy.ts';
import { peersOf } from '../domain/policy-peers.ts';

/** The policies of all libraries this installation serves. */
export interface Policies {
  /** Throws when there is no such library. */
  readonly get: (library: string) => LibraryPolicy;
  readonly has: (library: string) => boolean;
  readonly all: () => LibraryPolicy[];
}

interface Reading {
  readonly file: string;
  readonly policy?: LibraryPolicy;
  readonly mistakes: readonly string[];
}

function pathText(path: readonly PropertyKey[]): string {
  return (
    path
      .map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`))
      .join('')
      .replace(/^\./, '') || '(whole file)'
  );
}

const codeOf = (file: string): string => basename(file, '.yaml');

function readPolicy(directory: string, file: string): Reading {
  const document = parseDocument(readFileSync(join(directory, file), 'utf8'));
  if (document.errors.length > 0)
    return { file, mistakes: document.errors.map((error) => `${file}: ${error.message}`) };
  const parsed = libraryPolicySchema.safeParse(document.toJS());
  if (!parsed.success) {
    return {
      file,
      mistakes: parsed.error.issues.map((issue) => `${file}: ${pathText(issue.path)}: ${issue.message}`),
    };
  }
  const expected = codeOf(file);
  if (parsed.data.code !== expected)
    return { file, mistakes: [`${file}: code: is ${parsed.data.code}, the file name says ${expected}`] };
  return { file, policy: parsed.data, mistakes: [] };
}

/** What is wrong between libraries. One whose own file has mistakes is there all the same. */
function betweenLibraries(readings: readonly Reading[]): string[] {
  const all = readings.flatMap(({ policy }) => policy ?? []);
  const unread = readings.filter(({ policy }) => !policy).map(({ file }) => codeOf(file));
  return all.flatMap((policy) =>
    neighbourMistakes(policy, all, unread).map(
      ({ path, message }) => `${policy.code}.yaml: ${pathText(path)}: ${message}`,
    ),
  );
}

/** Names in the environment that stand for something in a policy. */
export interface NamesElsewhere {
  /** Of `CARREL_PEERS`: `library/peer`. */
  readonly peers?: Iterable<string>;
}

/** A secret under a name that nothing has would be missed only when a message is refused. */
function unknownPeers(readings: readonly Reading[], names: Iterable<string>): string[] {
  return [...names].flatMap((name) => {
    const [library = '', code = ''] = name.split('/');
    const reading = readings.find(({ file }) => codeOf(file) === library);
    if (!reading) return [`CARREL_PEERS: ${name}: there is no library ${library}`];
    // What its own mistakes say comes first.
    if (!reading.policy || peersOf(reading.policy).some((peer) => peer.code === code)) return [];
    return [`CARREL_PEERS: ${name}: ${reading.file} has no peer ${code}`];
  });
}

/** An index of policies that are already at hand, for tests and tools. */
export function createPolicies(policies: readonly LibraryPolicy[]): Policies {
  const byCode = new Map(policies.map((policy) => [policy.code, policy]));
  const get = (library: string) => {
    const policy = byCode.get(library);
    if (policy === undefined) throw new Error(`There is no policy for the library ${library}.`);
    return policy;
  };
  return { get, has: (library) => byCode.has(library), all: () => [...byCode.values()] };
}

/**
 * Reads every `*.yaml` of the directory. Throws one error that lists every mistake of every file, with the file and the path in it, and every name in the environment that stands for nothing in
 * them.
 */
export function loadPolicies(directory: string, { peers = [] }: NamesElsewhere = {}): Policies {
  const files = readdirSync(directory)
    .filter((file) => file.endsWith('.yaml'))
    .toSorted();
  const readings = files.map((file) => readPolicy(directory, file));
  const mistakes = [
    ...readings.flatMap((reading) => reading.mistakes),
    ...betweenLibraries(readings),
    ...unknownPeers(readings, peers),
  ];
  if (files.length === 0) mistakes.push(`${directory}: holds no policy (*.yaml)`);
  if (mistakes.length > 0) throw new Error(`The library policies have mistakes:\n  ${mistakes.join('\n  ')}`);
  return createPolicies(readings.flatMap((reading) => reading.policy ?? []));
}
