import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { v7 as uuid } from 'uuid';
import { createEngine } from '../../engine/processes.ts';
import { supplyIdOf } from '../../peers/ids.ts';
import { type Carrel, startCarrel, until } from '../support/carrel.ts';
import { lends, requestBody, storeMessage } from '../support/outside-requests.ts';
import { ownNamespace } from '../support/namespace.ts';

let carrel: Carrel;
let librarian: string;
beforeAll(async () => {
  const marks = [{ contains: '从CCC检索到的文献', text: '从CCC检索到的文献！' }];
  carrel = await startCarrel({ namespace: await ownNamespace(), change: lends({ lending: { marks } }) });
  librarian = (await carrel.build.staff('ill-librarian')).token;
});
afterAll(() => carrel.stop());

const path = '/v1/staff/outside-requests';
const get = (where: string) => carrel.call(librarian, 'GET', where);
const post = (id: string, act: string, body: object = {}, key = uuid()) =>
  carrel.call(librarian, 'POST', `${path}/${id}/${act}`, body, { 'idempotency-key': key });

/** A message of the requester as the intake stores it, and the process roused. */
async function comes(ref: string, name: 'request' | 'requestingAgencyMessage', body: object) {
  const { orm, build, client, taskQueue } = carrel;
  const id = await storeMessage(orm, build.library, { name, ref, body, at: Date.now() });
  await createEngine(client, taskQueue).rouse([{ process: 'supply', id, library: build.library }]);
  return id;
}

const stands = (id: string, status: string) =>
  until(
    () => get(`${path}/${id}`),
    (answer) => answer.status === 200 && answer.body.status === status,
  );

describe('outside requests over the API', () => {
  test('I8 pending, promised, shipped with its total cost, received, and back', async () => {
    const title = await carrel.build.title({ isbns: ['9780000000026'] });
    const item = await carrel.build.item(title.id);
    const note = '请求馆：CALIS 馆际互借中心。从CCC检索到的文献！';
    const body = requestBody({ isbn: '9780000000026', note });
    const id = await comes('j1', 'request', body);
    expect(id).toBe(supplyIdOf(carrel.build.library, 'beta', 'j1'));
    await stands(id, 'RequestReceived');

    const list = await get(path);
    expect(list.body.items).toMatchObject([
      {
        id,
        requester: { code: 'beta', name: 'beta' },
        mark: '从CCC检索到的文献！',
        statusText: 'Received',
        waitsFor: 'answer',
        late: false,
        advice: { answer: 'WillSupply', text: 'A copy is in: it can be supplied' },
      },
    ]);
    const shown = await get(`${path}/${id}`);
    expect(shown.body.stock[0].copies).toMatchObject([{ barcode: item.barcode, state: 'available' }]);

    expect((await post(id, 'promise')).body.status).toBe('WillSupply');
    const shipped = await post(id, 'shipment', {
      barcode: item.barcode,
      costMinor: 1_500,
      dueOn: '2099-01-31',
      note: '请注意保管',
    });
    expect(shipped.body).toMatchObject({
      status: 'Loaned',
      cost: { amountMinor: 1_500 },
      item: { text: item.barcode },
    });
    await comes('j1', 'requestingAgencyMessage', { action: 'Received' });
    await until(
      () => get(`${path}/${id}`),
      (answer) => answer.body.arrivedAt !== null,
    );
    const back = await post(id, 'return', { desk: 'main' });
    expect(back.body).toMatchObject({ status: 'LoanCompleted', waitsFor: null, may: [] });
    expect(back.body.timeline.map(({ text }: { text: string }) => text)).toEqual([
      'Request received',
      'Promised',
      'Shipped',
      'Has arrived at the requesting library',
      'Returned',
    ]);
    expect((await get(path)).body.items).toEqual([]);
    const history = await carrel.client.workflow.getHandle(`supply:${id}`).fetchHistory();
    expect(history.events?.length).toBeLessThanOrEqual(45);
  });

  test('I18 a message that did not get through is on the work list, and is sent again once', async () => {
    const id = await comes('j2', 'request', requestBody({ isbn: '9780000000033' }));
    await stands(id, 'RequestReceived');
    await post(id, 'promise');
    const rows = () => carrel.orm.em.fork();
    const says = 'RequestResponse/WillSupply';
    await rows().execute(`update ill_message set state = 'given-up' where about_id = ? and says = ?`, [
      id,
      says,
    ]);
    await comes('j2', 'requestingAgencyMessage', { action: 'Notification', note: 'Any news?' });
    const tasks = () => get('/v1/staff/tasks?kind=supply-unsent');
    await until(tasks, ({ body }) => body.items.length === 1);

    const messages = `/v1/staff/messages?outsideRequest=${id}&direction=out`;
    const [lost] = (await get(`${messages}&state=given-up`)).body.items;
    expect(lost).toMatchObject({ says, mayRetry: true });
    const retry = (message: string) =>
      carrel.call(
        librarian,
        'POST',
        `/v1/staff/messages/${message}/retry`,
        {},
        { 'idempotency-key': uuid() },
      );
    expect(await retry(lost.id)).toMatchObject({ status: 200, body: { code: 'beta' } });
    const said = (await get(messages)).body.items.filter((each: { says: string }) => each.says === says);
    expect(said).toMatchObject([{ state: 'queued', mayRetry: false }, { state: 'given-up' }]);
    expect(said[0].saidAt > said[1].saidAt).toBe(true);
    expect((await retry(lost.id)).body.reasons).toMatchObject([{ code: 'message-not-lost' }]);
    expect((await retry(said[0].id)).body.reasons).toMatchObject([{ code: 'message-not-lost' }]);
    expect((await tasks()).body.items).toEqual([]);
    const { timeline } = (await get(`${path}/${id}`)).body;
    const told = timeline.map(({ text }: { text: string }) => text);
    expect(told).toContain('A message to the requesting library was sent again');
  });
});
