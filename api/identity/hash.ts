import { text } from 'node:stream/consumers';
import { runMain } from '../../config/main.ts';
import { hashPassword } from '../auth/passwords.ts';

/** Prints the hash for a list of members of the secret that comes on standard input, without the line break at its end. */
await runMain(async () => {
  const secret = (await text(process.stdin)).replace(/\r?\n$/, '');
  process.stdout.write(`${await hashPassword(secret)}\n`);
});
