import { createWriteStream, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';

const kept = 40;

export interface Log {
  write(chunk: Buffer): void;
  /** The newest whole and unfinished lines, oldest first. */
  lastLines(): string[];
  close(): void;
}

/** Takes a program's output: the last lines stay in memory, all lines go to `file` (appended) with the time (UTC) in front. */
export function openLog(file: string | undefined): Log {
  const stream = file === undefined ? undefined : appendTo(file);
  const decoder = new TextDecoder();
  let recent: string[] = [];
  let unfinished = '';
  return {
    write(chunk) {
      const lines = (unfinished + decoder.decode(chunk, { stream: true })).split('\n');
      unfinished = lines.pop() ?? '';
      recent = [...recent, ...lines].slice(-kept);
      // What a program leaves running may still write after its end was told.
      if (stream?.writableEnded === true) return;
      for (const line of lines) stream?.write(`${new Date().toISOString()} ${line}\n`);
    },
    lastLines: () => [...recent, unfinished].filter((line) => line.trim() !== ''),
    close: () => stream?.end(unfinished === '' ? undefined : `${new Date().toISOString()} ${unfinished}\n`),
  };
}

function appendTo(file: string) {
  mkdirSync(dirname(file), { recursive: true });
  return createWriteStream(file, { flags: 'a' });
}
