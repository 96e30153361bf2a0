import { describe, expect, test } from '@jest/globals';
import { longestFirst } from './order.ts';
import { type FileResult, withSecondTry } from './second-try.ts';

type Outcome = 'passes' | 'fails' | 'crashes' | { readonly error: string };

const resultOf = (title: string, outcome: Outcome): FileResult => {
  const error = outcome === 'fails' ? 'AssertionError: 1 is not 2' : (outcome as { error?: string }).error;
  return {
    numFailingTests: outcome === 'passes' ? 0 : 1,
    testResults: [
      { ancestorTitles: ['a part'], title: 'another', failureMessages: [] },
      { ancestorTitles: [], title, failureMessages: error === undefined ? [] : [error] },
    ],
  };
};

/** Runs files that come to this, at the first try and at the second; answers what was told, in order. */
async function told(outcomes: Readonly<Record<string, readonly [Outcome, Outcome?]>>) {
  const said: string[] = [];
  const running =
    (attempt: 0 | 1): Parameters<typeof withSecondTry<string, FileResult>>[2]['first'] =>
    async (files, listener) => {
      for (const file of files) {
        await listener.start(file);
        const outcome = outcomes[file]?.[attempt] ?? 'passes';
        said.push(`${['run', 'run again'][attempt]} ${file}`);
        if (outcome === 'crashes') await listener.failure(file, new Error('the process ended'));
        else await listener.result(file, resultOf(`test of ${file}`, outcome));
      }
    };
  const heard: { file: string; failed: number; passedOnlyNow: FileResult['passedOnlyNow'] }[] = [];
  await withSecondTry<string, FileResult>(
    Object.keys(outcomes),
    {
      start: async () => undefined,
      result: async (file, { numFailingTests: failed, passedOnlyNow }) => {
        said.push(`tell ${file}`);
        heard.push({ file, failed, passedOnlyNow });
      },
      failure: async (file, error) => {
        said.push(`tell ${file}`);
        heard.push({ file, failed: 1, passedOnlyNow: [{ error: String(error) }] });
      },
    },
    { first: running(0), again: running(1) },
  );
  return { said, of: (name: string) => heard.filter(({ file }) => file === name) };
}

const others = { a: ['passes'], b: ['passes'], c: ['passes'] } as const;

describe('a file that fails', () => {
  test('is run once more by itself when the others have ended, and only its last result is told, with what went wrong before', async () => {
    const { said, of } = await told({ shaky: ['fails', 'passes'], ...others });
    expect(said.slice(0, 1)).toEqual(['run shaky']);
    expect(said.slice(-2)).toEqual(['run again shaky', 'tell shaky']);
    const failed = [{ test: 'test of shaky', error: 'AssertionError: 1 is not 2' }];
    expect(of('shaky')).toEqual([{ file: 'shaky', failed: 0, passedOnlyNow: failed }]);
    expect(of('a')).toEqual([{ file: 'a', failed: 0, passedOnlyNow: undefined }]);
  });

  test('fails when it fails twice', async () => {
    const { of } = await told({ broken: ['fails', 'fails'], ...others });
    expect(of('broken')).toEqual([{ file: 'broken', failed: 1, passedOnlyNow: [] }]);
  });

  test('passes after a crash that does not come again, and fails by one at the second try', async () => {
    const { of } = await told({ once: ['crashes', 'passes'], late: ['fails', 'crashes'], ...others });
    expect(of('once')).toMatchObject([
      { failed: 0, passedOnlyNow: [{ error: expect.stringContaining('the process ended') }] },
    ]);
    expect(of('late')).toMatchObject([{ failed: 1 }]);
  });

  test('has no second try when a property test has found why', async () => {
    const { said, of } = await told({
      wrong: [{ error: 'Property failed after 3 tests' }, 'passes'],
      ...others,
    });
    expect(said).not.toContain('run again wrong');
    expect(of('wrong')).toMatchObject([{ failed: 1 }]);
  });

  test('has none among more than three, all of which are told at once, nor in a run of three', async () => {
    const four = await told({
      k: ['fails'],
      l: ['fails'],
      m: ['fails'],
      n: ['fails'],
      o: ['fails'],
      ...others,
    });
    expect(four.said.filter((each) => each.startsWith('run again'))).toEqual([]);
    for (const file of ['k', 'l', 'm', 'n', 'o']) expect(four.of(file)).toMatchObject([{ failed: 1 }]);
    const few = await told({ shaky: ['fails', 'passes'], a: ['passes'], b: ['passes'] });
    expect(few.said).not.toContain('run again shaky');
    expect(few.of('shaky')).toMatchObject([{ failed: 1 }]);
  });
});

test('what took long, here or on the machine that was measured, begins first', () => {
  const [quick, slow, known] = ['new/quick', 'new/slow', 'races/holds'].map(
    (name) => `/carrel/test/${name}.test.ts`,
  );
  const files = [{ path: quick ?? '' }, { path: known ?? '' }, { path: slow ?? '', duration: 400_000 }];
  expect(longestFirst(files).map(({ path }) => path)).toEqual([slow, known, quick]);
});
