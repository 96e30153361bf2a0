import { relative } from 'node:path';

const patienceMs = 30_000;

/**
 * Closes a run with one line that people and machines read: `N passed, N failed` (and `, N skipped` when any), each test counted by its last result. Before it stands what passed only at
 * the second try, with what went wrong at the first.
 */
export default class SummaryReporter {
  #again = [];

  onTestResult({ path }, { passedOnlyNow = [] }) {
    const file = relative(process.cwd(), path);
    for (const { test, error } of passedOnlyNow)
      this.#again.push(
        `Passed only at the second try: ${test === undefined ? file : `${file} - ${test}`}\n${error.replaceAll(/^/gm, '    ')}\n`,
      );
  }

  onRunComplete(_contexts, results) {
    const failed = results.numFailedTests + results.numRuntimeErrorTestSuites;
    const skipped = results.numPendingTests + results.numTodoTests;
    const line = `${results.numPassedTests} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
    process.once('exit', () => process.stdout.write([...this.#again, `${line}\n`].join('')));
    // Only comes to pass when something a test left open keeps the process alive; a hanging run would tell nobody.
    setTimeout(() => {
      process.stderr.write(
        'A test left a connection, timer or server open; the run is ended all the same.\n',
      );
      process.exit();
    }, patienceMs).unref();
  }
}
