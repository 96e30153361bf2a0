import { afterEach, expect, test } from '@jest/globals';
import { type AgencyDouble, openAgencyDouble } from './agency-double.ts';
import { openWire, type Wire, type WireMode } from './wire.ts';

let far: AgencyDouble;
let wire: Wire;

afterEach(async () => {
  await wire.close();
  await far.close();
});

const send = async () => {
  const answer = await fetch(`${wire.url}/iso18626/demo`, { method: 'POST', body: '<hello/>' }).catch(
    () => undefined,
  );
  return answer && { status: answer.status, text: await answer.text() };
};

test.each<[WireMode, number | undefined, number]>([
  ['open', 200, 1],
  ['slow', 200, 1],
  ['down', undefined, 0],
  ['loses-answer', undefined, 1],
  ['answers-500', 500, 0],
  ['twice', 200, 2],
])('a wire that is %s answers %s and hands a message on %i times', async (mode, status, copies) => {
  far = await openAgencyDouble(() => '<good-day/>');
  wire = await openWire();
  wire.leadsTo(far.url);
  wire.behave(mode, 1);
  expect((await send())?.status).toBe(status);
  expect(far.heard).toHaveLength(copies);
  expect(wire.passed).toMatchObject([{ mode, xml: '<hello/>' }]);
  expect(await send()).toEqual({ status: 200, text: '<good-day/>' });
});
