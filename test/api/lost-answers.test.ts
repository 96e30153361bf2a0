import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { v7 as uuid } from 'uuid';
import { createCommands } from '../../api/commands.ts';
import { createRowsSay } from '../../api/rows-say.ts';
import { type Carrel, startCarrel } from '../support/carrel.ts';

let carrel: Carrel;
let commands: ReturnType<typeof createCommands>;
beforeAll(async () => {
  carrel = await startCarrel();
  const { client, taskQueue, orm } = carrel;
  commands = createCommands({ client, taskQueue, rows: createRowsSay(orm, client, taskQueue) });
});
afterAll(() => carrel.stop());

/** A run whose question was lost with the server that was to put it: the engine begins it, and nobody asks. */
function begunUnasked(type: string, workflowId: string, input: object): Promise<unknown> {
  const { client, taskQueue } = carrel;
  return client.workflow.execute(type, { workflowId, taskQueue, args: [input] });
}

const lentBook = async () => {
  const { build, activities } = carrel;
  const title = await build.title();
  const item = await build.item(title.id);
  const reader = await build.patron();
  const loan = { loanId: uuid(), library: 'demo', patronId: reader.id, itemId: item.id, branch: 'main' };
  await activities.checkOut({ ...loan, actor: 'staff:1', now: Date.now() });
  return { titleId: title.id, itemId: item.id };
};

test('G1 a command whose question was lost is answered from its result', async () => {
  const { itemId } = await lentBook();
  const key = uuid();
  const scan = { itemId, branch: 'main', actor: 'staff:1' } as const;
  await begunUnasked('command', `command:checkIn:${key}`, {
    name: 'checkIn',
    arguments: { ...scan, scanId: key },
  });
  expect(await commands.checkIn(null, scan, key)).toMatchObject({
    outcome: 'done',
    result: { instruction: { do: 'shelve' } },
  });
});

test('H1 a hold that was refused while nobody listened is refused again for the same reasons', async () => {
  const { build } = carrel;
  const title = await build.title();
  await build.item(title.id);
  const { id } = await build.patron();
  const holdId = uuid();
  const wish = { holdId, library: 'demo', patronId: id, titleId: title.id, pickupPlace: 'main' };
  const input = { ...wish, contact: 'none', channel: 'web', actor: `patron:${id}` } as const;
  await begunUnasked('hold', `hold:${holdId}`, input);
  expect(await commands.placeHold(input)).toMatchObject({
    outcome: 'refused',
    refused: [{ code: 'on-shelf' }],
  });
});

test('H7 a cancellation that was done by a worker that died before it could say so is answered as done', async () => {
  const { titleId } = await lentBook();
  const other = await carrel.build.patron();
  const holdId = uuid();
  const wish = { holdId, library: 'demo', patronId: other.id, titleId, pickupPlace: 'main' };
  const actor = `patron:${other.id}` as const;
  await commands.placeHold({ ...wish, contact: 'none', channel: 'web', actor });
  const key = uuid();
  const cancel = { holdId, actor, reason: 'by-reader', operation: `hold:${holdId}/${key}`, now: Date.now() };
  await carrel.activities.cancelHold(cancel);
  const handle = carrel.client.workflow.getHandle(`hold:${holdId}`);
  await handle.signal('wake');
  await handle.result();

  const asked = { actor, reason: 'by-reader' };
  expect(await commands.cancelHold(holdId, asked, key)).toMatchObject({ outcome: 'done' });
  expect(await commands.cancelHold(holdId, asked, uuid())).toMatchObject({
    outcome: 'refused',
    refused: [{ code: 'hold-ended' }],
  });
});
