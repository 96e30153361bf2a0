/**
 * Runs a program's main part. What stops it is told in one sentence – with the stack where LOG_LEVEL is debug or trace – and the process ends with 1, whatever
 * connections are still open.
 */
export async function runMain(main: () => Promise<void>): Promise<void> {
  try {
    await main();
  } catch (error) {
    const verbose = ['debug', 'trace'].includes(process.env.LOG_LEVEL ?? '');
    process.stderr.write(
      `${error instanceof Error && !verbose ? error.message : String((error as Error).stack)}\n`,
    );
    process.exit(1);
  }
}
