/** The part of package-lock.json (version 3) that is used here. */
export interface LockFile {
  packages: Record<string, LockedPackage>;
}

export interface LockedPackage {
  version?: string;
  dev?: boolean;
  optional?: boolean;
  os?: string[];
  cpu?: string[];
  libc?: string[];
  optionalDependencies?: Record<string, string>;
}

const systems = [
  'aix',
  'android',
  'darwin',
  'freebsd',
  'linux',
  'netbsd',
  'openbsd',
  'openharmony',
  'sunos',
  'win32',
];
const processors = [
  'arm',
  'arm64',
  'ia32',
  'loong64',
  'mips64el',
  'ppc64',
  'riscv64',
  's390x',
  'wasm32',
  'x64',
];

/** The packages that the lock file names as optional dependencies, with the package that wants each, but does not hold. */
export function missingFrom(lock: LockFile): { name: string; version: string; wantedBy: LockedPackage }[] {
  return Object.entries(lock.packages).flatMap(([path, wantedBy]) =>
    Object.entries(wantedBy.optionalDependencies ?? {})
      .filter(
        ([name]) =>
          !(`${path}/node_modules/${name}` in lock.packages) && !(`node_modules/${name}` in lock.packages),
      )
      .map(([name, version]) => ({ name, version, wantedBy })),
  );
}

/**
 * Adds to a lock file the builds of native packages for platforms other than the one it was written on. npm leaves
 * out those it did not fetch (npm/cli issue 4828), and `npm ci` then refuses the file. Answers what was added.
 */
export function completeLock(lock: LockFile): string[] {
  const missing = missingFrom(lock);
  for (const { name, version, wantedBy } of missing) {
    lock.packages[`node_modules/${name}`] = {
      version,
      ...platformOf(name),
      ...(wantedBy.dev && { dev: true }),
      optional: true,
    };
  }
  const inOrder = Object.entries(lock.packages).toSorted(([a], [b]) => (a < b ? -1 : 1));
  lock.packages = Object.fromEntries(inOrder);
  return missing.map(({ name }) => name);
}

/** By the names that such packages go by: "@swc/core-linux-arm64-musl". */
export function platformOf(name: string): Pick<LockedPackage, 'os' | 'cpu' | 'libc'> {
  const words = name.split(/[/-]/);
  const os = words.filter((word) => systems.includes(word));
  const cpu = words.filter((word) => processors.includes(word));
  if (os.length !== 1 || cpu.length !== 1)
    throw new Error(`${name} does not tell its platform: add it to the lock by hand.`);
  if (words.some((word) => word.startsWith('musl'))) return { os, cpu, libc: ['musl'] };
  if (words.some((word) => word.startsWith('gnu'))) return { os, cpu, libc: ['glibc'] };
  return { os, cpu };
}
