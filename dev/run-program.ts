import { execFile, type ExecFileOptions } from 'node:child_process';

export interface Outcome {
  ok: boolean;
  stdout: string;
  stderr: string;
}

/** Runs a program to its end. One that fails, or cannot be started, is an outcome and not an exception. */
export function runProgram(
  command: string,
  args: readonly string[],
  options: ExecFileOptions = {},
): Promise<Outcome> {
  return new Promise((resolve) => {
    execFile(command, args, { ...options, encoding: 'utf8' }, (error, stdout, stderr) => {
      const said = stderr === '' && error !== null ? error.message : stderr;
      resolve({ ok: error === null, stdout, stderr: said });
    });
  });
}

/** The last line of what a program said, mostly its reason for failing. */
export function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? '';
}
