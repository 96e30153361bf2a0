/** What a file has come to, as far as a second try needs to know it: jest's own result has more. */
export interface FileResult {
  readonly numFailingTests: number;
  readonly testResults: readonly {
    readonly ancestorTitles: readonly string[];
    readonly title: string;
    readonly failureMessages: readonly string[];
  }[];
  /** Set on the result of a second try: what failed at the first one only. */
  passedOnlyNow?: readonly Failed[];
}

export interface Failed {
  /** Undefined: the file as a whole, or what is around its tests. */
  readonly test?: string;
  readonly error: string;
}

/** Whom the runner tells what has become of a file. */
export interface Listener<File, Result> {
  readonly start: (file: File) => Promise<void>;
  readonly result: (file: File, result: Result) => Promise<void>;
  readonly failure: (file: File, error: unknown) => Promise<void>;
}

export type Run<File, Result> = (files: readonly File[], listener: Listener<File, Result>) => Promise<void>;

/** More failing files than this are no accident, and runs of no more than this are somebody's at work: nothing is tried again. */
const mostAgain = 3;

/** What a property test has found is a proof, whether or not it is found a second time. */
const proof = /Property failed after/;

/**
 * Runs files of tests, and those that fail once more, by itself each, when all others have ended; the listener hears of a file's last result only. A run with more
 * than three failing files, or with three files or fewer in all, has no second tries.
 */
export async function withSecondTry<File, Result extends FileResult>(
  files: readonly File[],
  listener: Listener<File, Result>,
  { first, again }: Readonly<Record<'first' | 'again', Run<File, Result>>>,
): Promise<void> {
  const held: { file: File; failed: readonly Failed[]; tell: () => Promise<void> }[] = [];
  let most = files.length > mostAgain ? mostAgain : 0;
  const hold = async (file: File, failed: readonly Failed[], tell: () => Promise<void>) => {
    held.push({ file, failed, tell });
    if (held.length <= most) return;
    most = 0;
    for (const each of held.splice(0)) await each.tell();
  };
  await first(files, {
    start: listener.start,
    result: (file, result) => {
      const failed = failedOf(result);
      const tell = () => listener.result(file, result);
      const stands = failed.length === 0 || failed.some(({ error }) => proof.test(error));
      return stands ? tell() : hold(file, failed, tell);
    },
    failure: (file, error) => hold(file, [{ error: textOf(error) }], () => listener.failure(file, error)),
  });
  for (const { file, failed } of held)
    await again([file], {
      start: async () => undefined,
      result: (_, result) =>
        listener.result(file, Object.assign(result, { passedOnlyNow: passedNow(failed, result) })),
      failure: listener.failure,
    });
}

function failedOf({ numFailingTests, testResults }: FileResult): Failed[] {
  const failed = testResults
    .filter(({ failureMessages }) => failureMessages.length > 0)
    .map(({ ancestorTitles, title, failureMessages }) => ({
      test: [...ancestorTitles, title].join(' > '),
      error: failureMessages.join('\n'),
    }));
  return failed.length === 0 && numFailingTests > 0 ? [{ error: 'no reason was told' }] : failed;
}

const passedNow = (failed: readonly Failed[], result: FileResult): Failed[] => {
  const still = new Set(failedOf(result).map(({ test }) => test));
  return failed.filter(({ test }) => !still.has(test));
};

const textOf = (error: unknown): string =>
  error instanceof Error ? (error.stack ?? error.message) : JSON.stringify(error);
