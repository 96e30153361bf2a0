import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { commandOf, stopProcess } from './other-process.ts';
import type { Child } from './process.ts';

interface Note {
  pid: number;
  command: string;
  stopSignal: NodeJS.Signals;
}

/** Keeps note of the processes of a start, so that the next one can end them should this one be killed. */
export interface Notebook {
  note(child: Child): Promise<void>;
}

/** Ends what a killed start left running, newest first, and opens the notebook for this one. */
export async function clearLeftovers(dataDir: string): Promise<Notebook> {
  const file = join(dataDir, 'processes.json');
  for (const left of (await readNotes(file)).toReversed()) {
    const command = await commandOf(left.pid);
    if (command !== '' && command === left.command) await stopProcess(left.pid, left.stopSignal, 10_000);
  }
  const notes: Note[] = [];
  await writeFile(file, '[]');
  return {
    async note({ pid, stopSignal }) {
      notes.push({ pid, command: await commandOf(pid), stopSignal });
      await writeFile(file, JSON.stringify(notes, undefined, 2));
    },
  };
}

async function readNotes(file: string): Promise<Note[]> {
  try {
    const notes: Note[] = JSON.parse(await readFile(file, 'utf8'));
    return notes;
  } catch {
    return [];
  }
}
