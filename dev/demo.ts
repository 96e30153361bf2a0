/*
 * `npm run demo`: tells the whole life of a hold over HTTP, against the service that `npm start` runs. Ends with 0, or with 1 at the first surprise.
 * CARREL_URL and MAILBOX_URL say where the two are, if not at their usual ports.
 */
import { ports } from './settings.ts';
import { Surprise } from './demo/portal.ts';
import { tellStory } from './demo/story.ts';

const url = process.env.CARREL_URL ?? `http://localhost:${process.env.PORT ?? ports.PORT.default}`;
const mailboxUrl =
  process.env.MAILBOX_URL ?? `http://localhost:${process.env.MAILBOX_PORT ?? ports.MAILBOX_PORT.default}`;
let step = 0;
const tell = (text: string): void => {
  step += text.startsWith(' ') ? 0 : 1;
  process.stdout.write(text.startsWith(' ') ? `${text}\n` : `${String(step).padStart(3)}. ${text}\n`);
};

try {
  await tellStory({ url, mailboxUrl, begun: new Date().toISOString(), tell });
  process.stdout.write('\nThe story is told; everything went as it should.\n');
} catch (error) {
  process.stderr.write(
    `\n${error instanceof Surprise ? `A surprise: ${error.message}` : String((error as Error).stack)}\n`,
  );
  process.exitCode = 1;
}
