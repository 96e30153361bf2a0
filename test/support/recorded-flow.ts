import { existsSync, readdirSync, readFileSync } from 'node:fs';

const folder = '../shared/data/iso18626/flow-willsupply-loaned';

/** Whether the recorded flow is at hand; it is not part of the project. */
export const flowPresent = existsSync(folder);

/** When the flow was recorded; epoch milliseconds. */
const recordedAt = Date.parse('2026-11-21T23:37:22Z');

/**
 * A loan between two foreign programs as it was recorded: six messages, `req2sup` from the requester and `sup2req` from the supplier, and what was answered to each. It is told as if it happened
 * now, about a request of our number.
 *
 * @param ref what the requester calls it; the recorded one unless stated
 */
export function recordedFlow(startedAt: number, ref = 'r-wsl') {
  const shifted = (xml: string) =>
    xml
      .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/gu, (time) =>
        new Date(Math.max(Date.parse(time) - recordedAt, 0) + startedAt).toISOString(),
      )
      .replaceAll('r-wsl', ref);
  const files = readdirSync(folder).toSorted();
  const read = (file: string) => shifted(readFileSync(`${folder}/${file}`, 'utf8'));
  return files
    .filter((file) => !file.includes('--reply'))
    .map((file) => {
      const name = file.replace(/\.xml$/u, '');
      const reply = files.find((other) => other.startsWith(`${name}--reply`)) ?? '';
      return { from: name.slice(3, 6) as 'req' | 'sup', xml: read(file), confirmation: read(reply) };
    });
}
