/*
 * `npm run bench -- --json` prints one JSON object on standard output; progress goes to standard error. Each figure stands beside its comparison, taken on
 * the same servers in the same run. `--quick` takes smaller numbers, to see that it runs;
 * `--payments` says how many payments the gateway double is to be paid, `--flows` how many loans pass between two libraries (`--only ill`).
 */
import { parseArgs } from 'node:util';
import { countApproval } from './approval.ts';
import { measureFamilyRenewal } from './family-renewal.ts';
import { measureIll } from './ill.ts';
import { buildIllStage } from './ill-stage.ts';
import { measureLapseStorm } from './lapse-storm.ts';
import { measureFirstAnswer, measureLifecycle } from './lifecycle.ts';
import { measureLists } from './lists.ts';
import { countPayment, measurePayments } from './payments.ts';
import { measureQueueGrowth } from './queue-growth.ts';
import { buildStage, say } from './stage.ts';
import { measureStatement } from './statement.ts';

const { values } = parseArgs({
  options: {
    json: { type: 'boolean' },
    quick: { type: 'boolean' },
    only: { type: 'string' },
    payments: { type: 'string' },
    flows: { type: 'string' },
  },
});
const size = values.quick
  ? {
      cycles: 32,
      answers: 20,
      places: 20,
      holds: 20_000,
      seconds: 2,
      windows: 200,
      payments: 200,
      lines: 1_000,
      references: 10_000,
      flows: 40,
    }
  : {
      cycles: 120,
      answers: 100,
      places: 100,
      holds: 1_000_000,
      seconds: 8,
      windows: 2_000,
      payments: 1_000,
      lines: 10_000,
      references: 100_000,
      flows: 400,
    };
const wanted = (part: string) => !values.only || values.only.split(',').includes(part);

const results: Record<string, unknown> = {};

/** On a stage of its own, with two agencies. */
async function benchIll(): Promise<void> {
  if (!wanted('ill')) return;
  say('ill …');
  const stage = await buildIllStage();
  try {
    const { ill, events } = await measureIll(stage, Number(values.flows ?? size.flows));
    results.ill = ill;
    results.events = { ...(results.events as object | undefined), ...events };
    say(`  ${JSON.stringify(ill)}`);
  } finally {
    await stage.dismantle();
  }
}

/** Everything that one library does by itself. */
async function benchLibrary(): Promise<void> {
  const stage = await buildStage();
  const part = async (name: string, measure: () => Promise<object>) => {
    if (!wanted(name)) return;
    say(`${name} …`);
    const figures = await measure();
    Object.assign(results, name === 'holdLifecycle' ? figures : { [name]: figures });
    say(`  ${JSON.stringify(figures)}`);
  };
  try {
    await part('holdLifecycle', () => measureLifecycle(stage, size.cycles));
    if (wanted('approval')) {
      const approval = await countApproval(stage);
      results.events = { ...(results.events as object | undefined), approval };
      say(`events.approval ${approval}`);
    }
    if (wanted('payment')) {
      const payment = await countPayment(stage);
      results.events = { ...(results.events as object | undefined), payment };
      say(`events.payment ${payment}`);
    }
    await part('firstAnswer', () => measureFirstAnswer(stage, size.answers));
    await part('list', () => measureLists(stage, size.seconds));
    await part('familyRenewal', () => measureFamilyRenewal(stage, size.places));
    await part('lapseStorm', () => measureLapseStorm(stage, size.windows));
    await part('payments', () => measurePayments(stage, Number(values.payments ?? size.payments)));
    await part('statement', () => measureStatement(stage, size.lines, size.references));
    await part('queueGrowth', () => measureQueueGrowth(stage, size.places, size.holds));
  } finally {
    await stage.dismantle();
  }
}

if (!values.only || values.only.split(',').some((name) => name !== 'ill')) await benchLibrary();
await benchIll();
process.stdout.write(`${JSON.stringify(results, null, values.json ? 0 : 2)}\n`);
