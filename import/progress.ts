import type { Summary } from './run.ts';

/** Where progress is told: a terminal, or a file or pipe that wants plain lines. */
export interface Output {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

export interface Progress {
  /** `share` of the file has been read, 0 to 1. */
  readonly update: (soFar: Summary, share: number) => void;
  readonly end: () => void;
}

const every = 10_000;
const clearLine = '\r\u001B[2K';

/** A summary in one line. */
export function summaryText({ read, added, changed, unchanged, rejected, removed }: Summary): string {
  const gone = removed === undefined ? '' : `, ${removed} removed`;
  return `${read} read: ${added} new, ${changed} changed, ${unchanged} unchanged, ${rejected} rejected${gone}`;
}

function line(soFar: Summary, share: number): string {
  return `${Math.floor(share * 100)} %  ${summaryText(soFar)}`;
}

/** Tells how far an import is: one line that is renewed on a terminal, otherwise a line every 10,000 records. */
export function createProgress(output: Output): Progress {
  let told = 0;
  if (output.isTTY)
    return {
      update: (soFar, share) => output.write(clearLine + line(soFar, share)),
      end: () => output.write(clearLine),
    };
  return {
    update(soFar, share) {
      if (soFar.read < told + every) return;
      told = soFar.read;
      output.write(`${line(soFar, share)}\n`);
    },
    end: () => {},
  };
}
