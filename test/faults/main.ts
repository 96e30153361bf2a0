import { parseArgs } from 'node:util';
import { type IllPlan, runIllFaults } from './ill-run.ts';
import { reportTable } from './report.ts';
import { type Plan, runFaults } from './run.ts';

const usage = `npm run test:faults -- [--json] [--short] [--only holds|ill]
Runs lives of holds and loans over HTTP while the workers, the Temporal server, PostgreSQL and the API are killed and mail fails;
then requests between two libraries while everything of either is killed.
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

const wholeIll: IllPlan = {
  inFlight: 18,
  kinds: ['loan', 'unfilled', 'loan', 'cancelled'],
  pauseMs: 8_000,
  deeds: 8,
};

const say = (text: string): void => void process.stderr.write(`${text}\n`);

/** Answers whether everything held. */
async function holds(plan: Plan, json: boolean): Promise<boolean> {
  const { folder, ...report } = await runFaults(plan, say);
  process.stdout.write(`${json ? JSON.stringify(report) : reportTable(report)}\n`);
  if (report.wrong.length > 0) say(`The logs are in ${folder}.`);
  return report.wrong.length === 0;
}

async function ill(plan: IllPlan, json: boolean): Promise<boolean> {
  const report = await runIllFaults(plan, say);
  process.stdout.write(`${JSON.stringify(report, null, json ? 0 : 2)}\n`);
  return report.wrong.length === 0;
}

async function main(given: string[]): Promise<number> {
  const { values } = parseArgs({
    args: given,
    options: {
      json: { type: 'boolean', default: false },
      short: { type: 'boolean', default: false },
      only: { type: 'string' },
    },
  });
  const { short: brief, json, only } = values;
  const held = only === 'ill' || (await holds(brief ? short : whole, json));
  const between = only === 'holds' || (await ill({ ...wholeIll, ...(brief && { deeds: 4 }) }, json));
  return held && between ? 0 : 1;
}

process.exitCode = await main(process.argv.slice(2)).catch((error: unknown) => {
  say(`${String(error)}\n\n${usage}`);
  return 2;
});
