import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { completeLock, type LockFile } from './lock-file.ts';

const file = fileURLToPath(new URL('../package-lock.json', import.meta.url));
const lock: LockFile = JSON.parse(readFileSync(file, 'utf8'));
const added = completeLock(lock);
writeFileSync(file, `${JSON.stringify(lock, undefined, 2)}\n`);
process.stdout.write(`${added.length} builds for other platforms added to package-lock.json.\n`);
