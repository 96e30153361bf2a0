const patienceMs = 30_000;

/** Closes a run with one line that people and machines read: `N passed, N failed` (and `, N skipped` when any). */
export default class SummaryReporter {
  onRunComplete(_contexts, results) {
    const failed = results.numFailedTests + results.numRuntimeErrorTestSuites;
    const skipped = results.numPendingTests + results.numTodoTests;
    const line = `${results.numPassedTests} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
    process.once('exit', () => process.stdout.write(`${line}\n`));
    // Only comes to pass when something a test left open keeps the process alive; a hanging run would tell nobody.
    setTimeout(() => {
      process.stderr.write(
        'A test left a connection, timer or server open; the run is ended all the same.\n',
      );
      process.exit();
    }, patienceMs).unref();
  }
}
