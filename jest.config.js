export default {
  // Node itself loads the files, in three processes that live through the run: no module is read, compiled and warmed up for each of them again.
  runner: '<rootDir>/test/runner/runner.mjs',
  setupFiles: ['<rootDir>/test/runner/setup.ts'],
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  globalSetup: '<rootDir>/test/support/global-setup.mjs',
  globalTeardown: '<rootDir>/test/support/global-teardown.mjs',
  reporters: ['default', '<rootDir>/test/support/summary-reporter.js'],
  modulePathIgnorePatterns: ['<rootDir>/.carrel/'],
  maxWorkers: 3,
};
