import { parseArgs } from 'node:util';
import { reportTable } from './report.ts';
import { type Plan, runFaults } from './run.ts';

const usage = `npm run test:faults -- [--json] [--short]
Runs lives of holds and loans over HTTP while the workers, the Temporal server, PostgreSQL and the API are killed and mail fails.
Exit code 0: nothing was lost and nothing happened twice; 1: something did; 2: it could not be run.\n`;

const whole: Plan = {
  lives: { collected: 45, lapsed: 20, cancelled: 15, renewed: 20, phoned: 20 },
  everyMs: 1_000,
  pauseMs: 7_000,
  faults: 'all',
};

const short: Plan = {
  lives: { collected: 14, lapsed: 2, cancelled: 5, renewed: 5, phoned: 4 },
  everyMs: 700,
  pauseMs: 3_000,
  faults: 'few',
};

const say = (text: string): void => void process.stderr.write(`${text}\n`);

async function main(given: string[]): Promise<number> {
  const { values } = parseArgs({
    args: given,
    options: { json: { type: 'boolean', default: false }, short: { type: 'boolean', default: false } },
  });
  const { folder, ...report } = await runFaults(values.short ? short : whole, say);
  process.stdout.write(`${values.json ? JSON.stringify(report) : reportTable(report)}\n`);
  if (report.wrong.length === 0) return 0;
  say(`The logs are in ${folder}.`);
  return 1;
}

process.exitCode = await main(process.argv.slice(2)).catch((error: unknown) => {
  say(`${String(error)}\n\n${usage}`);
  return 2;
});
