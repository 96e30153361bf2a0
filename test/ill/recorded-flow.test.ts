import { afterAll, afterEach, beforeAll, expect, jest, test } from '@jest/globals';
import { Connection } from '@temporalio/client';
import { readMessage } from '../../iso18626/read.ts';
import type { LibraryPolicy } from '../../domain/policy.ts';
import { illPolicy } from '../../domain/policy-ill.ts';
import { type AgencyDouble, openAgencyDouble } from '../support/agency-double.ts';
import { type Carrel, startCarrel } from '../support/carrel.ts';
import { eventually, type IllStaff, staffIll, storyMs } from '../support/ill-desk.ts';
import { wordOf } from '../support/letters.ts';
import { createNamespace } from '../support/namespace.ts';
import { flowPresent, recordedFlow } from '../support/recorded-flow.ts';
import { createSchemaCheck } from '../support/schema-check.ts';
import { devServer } from '../support/temporal.ts';

jest.setTimeout(storyMs);

const replayed = flowPresent ? test : test.skip;
const where = '(../shared/data, skipped where it is absent)';
const secret = 'agreed on by letter';

let double: AgencyDouble;
let confirm: (xml: string) => string = () => '';
let connection: Connection;
let carrel: Carrel;
let staff: IllStaff;

/** The other side of the recorded flow is a peer; ours is the agency that the recording says. */
const as = (ours: string, theirs: string) => (policy: LibraryPolicy) => ({
  ...policy,
  ill: illPolicy.parse({
    mode: 'distributed',
    agency: { value: ours },
    obtaining: { review: false },
    lending: { acknowledge: false },
    peers: [
      {
        code: 'foreign',
        name: { en: 'Foreign', de: 'Fremd', ja: '他館', zh: '外馆' },
        agency: { value: theirs },
        url: `${double.url}/`,
      },
    ],
  }),
});

/** In a namespace of its own: the line to `foreign` is called the same in both. */
async function start(ours: string, theirs: string): Promise<void> {
  carrel = await startCarrel({
    namespace: await createNamespace(connection),
    change: as(ours, theirs),
    peerKeys: new Map([['demo/foreign', { in: secret, out: secret }]]),
  });
  staff = await staffIll(carrel);
}

beforeAll(async () => {
  double = await openAgencyDouble(({ xml }) => confirm(xml));
  connection = await Connection.connect({ address: (await devServer()).address });
});
afterEach(async () => {
  await carrel?.stop();
  double.heard.length = 0;
});
afterAll(async () => {
  await double?.close();
  await connection?.close();
});

const say = async (xml: string) => {
  const answer = await double.say(`${carrel.url}/iso18626/demo`, xml, { authorization: `Bearer ${secret}` });
  const { message } = answer;
  const header =
    message && 'confirmationHeader' in message.body ? message.body.confirmationHeader : undefined;
  return { name: message?.name, status: header?.messageStatus, ref: header?.requestingAgencyRequestId };
};

const heard = (count: number) =>
  eventually(
    async () => double.heard.map(({ xml }) => wordOf(xml)),
    (words) => words.length >= count,
  );

/** All that we said is valid by the schema of the edition that was recorded. */
function expectValid(): void {
  const check = createSchemaCheck();
  expect(double.heard.map(({ xml }) => check.mistake(xml, '1.2')).filter(Boolean)).toEqual([]);
  check.dispose();
}

const flow = (ref?: string) => {
  const all = recordedFlow(Date.now() + 1_000, ref);
  /** The recorded confirmation of the message that says the same. */
  confirm = (xml) => {
    const same = all.find((each) => wordOf(each.xml) === wordOf(xml));
    if (!same) throw new Error(`nothing like ${wordOf(xml)} was recorded`);
    const id = /<requestingAgencyRequestId>([^<]*)/u.exec(xml)?.[1] ?? '';
    return same.confirmation.replaceAll(ref ?? 'r-wsl', id);
  };
  return (word: string) => all.find(({ xml }) => wordOf(xml) === word)?.xml ?? '';
};

async function ourRequester() {
  await start('REQ', 'BROKER');
  flow();
  const reader = await staff.reader();
  const id = await staff.ask(reader);
  expect(await heard(1)).toEqual(['request New']);
  const [attempt] = await staff.attempts(id);
  const recorded = flow(attempt?.ourRef);
  const confirmed = { name: 'supplyingAgencyMessageConfirmation', status: 'OK', ref: attempt?.ourRef };

  expect(await say(recorded('RequestResponse WillSupply'))).toEqual(confirmed);
  await staff.becomes(id, 'promised');
  expect(await say(recorded('StatusChange Loaned'))).toEqual(confirmed);
  await staff.becomes(id, 'shipped');
  const { number } = await staff.request(id);
  await staff.act(id, 'arrival', { desk: 'main' });
  expect(await heard(2)).toEqual(['request New', 'Received']);
  await eventually(
    () => carrel.orm.em.fork().execute(`select 1 from hold where state = 'secured'`),
    (rows) => rows.length === 1,
  );
  const barcode = `ILL-${number}`;
  await staff.post('/v1/staff/check-outs', { card: reader.card, barcode, branch: 'main' });
  await staff.post('/v1/staff/check-ins', { barcode, branch: 'main' });
  await staff.becomes(id, 'returning');
  await staff.act(id, 'send-back');
  expect(await heard(3)).toEqual(['request New', 'Received', 'ShippedReturn']);
  expect(await say(recorded('StatusChange LoanCompleted'))).toEqual(confirmed);
  await staff.becomes(id, 'completed');
  expect(readMessage(double.heard[1]?.xml ?? '').header).toMatchObject({
    supplyingAgencyRequestId: 'f2304996-8207-4fe1-a53e-dd4fd200e975',
  });
  expectValid();
}

async function ourSupplier() {
  await start('BROKER', 'REQ');
  const recorded = flow();
  const confirmed = (name: string) => ({ name, status: 'OK', ref: 'r-wsl' });

  expect(await say(recorded('request New'))).toEqual(confirmed('requestConfirmation'));
  const supplyId = await staff.hears({ peer: 'foreign', ref: 'r-wsl' });
  expect(await staff.supply(supplyId)).toMatchObject({ title: 'Lord of the Rings', service: 'loan' });
  await staff.answer(supplyId, 'promise');
  expect(await heard(1)).toEqual(['RequestResponse WillSupply']);
  await staff.answer(supplyId, 'shipment');
  expect(await heard(2)).toEqual(['RequestResponse WillSupply', 'StatusChange Loaned']);
  expect(await say(recorded('Received'))).toEqual(confirmed('requestingAgencyMessageConfirmation'));
  expect(await say(recorded('ShippedReturn'))).toEqual(confirmed('requestingAgencyMessageConfirmation'));
  await eventually(
    () => staff.supply(supplyId),
    (row) => row?.sentBackAt != null,
  );
  await staff.answer(supplyId, 'return', { desk: 'main' });
  expect((await heard(3)).at(-1)).toBe('StatusChange LoanCompleted');
  expect(await staff.stands(supplyId, 'LoanCompleted')).toMatchObject({ status: 'LoanCompleted' });
  await eventually(
    () => carrel.orm.em.fork().execute(`select 1 from ill_message where state = 'sent'`),
    (rows) => rows.length === 3,
  );
  expectValid();
}

replayed(`I18 our requester with a foreign supplier, as it was recorded ${where}`, ourRequester);
replayed(`I18 our supplier with a foreign requester, as it was recorded ${where}`, ourSupplier);
