import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';
import { historyFromJSON } from '@temporalio/common/lib/proto-utils.js';
import { bundleWorkflowCode, DefaultLogger, Worker } from '@temporalio/worker';
import { DeterminismViolationError } from '@temporalio/workflow';
import '../support/temporal.ts';
import { workflowsPath } from '../../worker/worker.ts';

const folder = 'test/histories';
const files = readdirSync(folder).filter((file) => file.endsWith('.json'));
const logger = new DefaultLogger('ERROR');

type Bundle = Awaited<ReturnType<typeof bundleWorkflowCode>>;
let workflows: Bundle;
let broken: Bundle;

beforeAll(async () => {
  workflows = await bundleWorkflowCode({ workflowsPath, logger });
  const brokenPath = resolve('test/broken/workflows.ts');
  broken = await bundleWorkflowCode({ workflowsPath: brokenPath, logger });
});

const read = (file: string) => historyFromJSON(JSON.parse(readFileSync(`${folder}/${file}`, 'utf8')));
const replay = (workflowBundle: Bundle, file: string) =>
  Worker.runReplayHistory({ workflowBundle }, read(file), 'replayed');

test.each(files)('G1 the code replays %s', async (file) => {
  await expect(replay(workflows, file)).resolves.toBeUndefined();
});

test('G1 every process has a recorded history', () => {
  for (const process of [
    'hold',
    'loan',
    'registration',
    'membership',
    'payment',
    'reconciliation',
    'ill',
    'supply',
    'peer',
    'command',
    'sweep',
  ]) {
    expect(files.filter((file) => file.startsWith(process))).not.toEqual([]);
  }
});

test('G1 a workflow that was changed carelessly fails the replay', async () => {
  const [file = ''] = files.filter((name) => name.startsWith('hold.collected'));
  await expect(replay(broken, file)).rejects.toThrow(DeterminismViolationError);
});

test('G1 histories hold no personal data', () => {
  for (const file of files) {
    const texts = JSON.stringify(read(file), (_, value: unknown) =>
      value instanceof Uint8Array ? Buffer.from(value).toString() : value,
    );
    expect(texts).not.toMatch(/@example\.org|Reader 0|092-000/);
  }
});
