import { describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { completeLock, missingFrom, platformOf, type LockFile } from '../../dev/lock-file.ts';

function projectLock(): LockFile {
  return JSON.parse(readFileSync('package-lock.json', 'utf8'));
}

describe('the lock file', () => {
  test('holds the builds for all platforms, without which "npm ci" refuses it: else run "npm run lock"', () => {
    expect(missingFrom(projectLock()).map(({ name }) => name)).toEqual([]);
  });

  test('gets back what it lacks, with its platform', () => {
    const lock = projectLock();
    const name = '@swc/core-linux-arm64-musl';
    const { version } = lock.packages[`node_modules/${name}`] ?? {};
    delete lock.packages[`node_modules/${name}`];
    expect(completeLock(lock)).toEqual([name]);
    expect(lock.packages[`node_modules/${name}`]).toEqual({
      version,
      os: ['linux'],
      cpu: ['arm64'],
      libc: ['musl'],
      optional: true,
    });
    expect(missingFrom(lock)).toEqual([]);
  });

  test('is not given a package whose name does not tell its platform', () => {
    expect(platformOf('@oxlint-tsgolint/win32-x64')).toEqual({ os: ['win32'], cpu: ['x64'] });
    expect(() => platformOf('fsevents')).toThrow('fsevents does not tell its platform');
  });
});
