import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { v7 as uuid } from 'uuid';
import { statuses } from '../../domain/ill-status.ts';
import { isTerminal } from '../../domain/ill-transitions.ts';
import { supplyIdOf } from '../../peers/ids.ts';
import { type ActivityBench, startActivities } from '../support/activities.ts';
import {
  actionXml,
  createExchange,
  editionsOf,
  type Exchange,
  exchanges,
  requestXml,
  statusXml,
  told,
} from '../support/exchange.ts';
import { createSchemaCheck, schemasPresent } from '../support/schema-check.ts';

const now = Date.parse('2026-11-22T10:00:00Z');
const minute = 60_000;

let bench: ActivityBench;
let home: Exchange;
beforeAll(async () => {
  bench = await startActivities({ change: exchanges });
  home = createExchange(bench);
});
afterAll(() => bench.stop());

let serial = 0;
const fresh = () => `R-${(serial += 1)}`;

describe('a request that comes', () => {
  test('I18 it is stored before it is confirmed, and its process is named by requester and id', async () => {
    const ref = fresh();
    const received = await home.take('north', requestXml({ from: 'north', ref, at: now }), now);
    expect(told(received)).toBe('OK');
    const id = supplyIdOf(home.library, 'north', ref);
    expect(received).toMatchObject({ rouse: [{ process: 'supply', id, library: home.library }] });
    expect(await home.messages(ref)).toEqual([
      { says: 'New', state: 'stored', about: 'supply', error: null, peer: 'north' },
    ]);
  });

  test('I18 the same id of another requester is another request', async () => {
    const ref = fresh();
    await home.take('north', requestXml({ from: 'north', ref, at: now }), now);
    const other = await home.take('south', requestXml({ from: 'south', ref, at: now }), now);
    expect(told(other)).toBe('OK');
    expect(await home.messages(ref)).toHaveLength(2);
    expect(supplyIdOf(home.library, 'north', ref)).not.toBe(supplyIdOf(home.library, 'south', ref));
  });

  test('I18 the same again gets the same confirmation and is not stored again', async () => {
    const ref = fresh();
    const xml = requestXml({ from: 'north', ref, at: now });
    const first = await home.take('north', xml, now);
    const again = await home.take('north', xml, now + minute);
    expect(again).toEqual({
      ...first,
      rouse: [{ process: 'supply', id: supplyIdOf(home.library, 'north', ref), library: home.library }],
    });
    expect(await home.messages(ref)).toHaveLength(1);
  });

  test('I18 sent again with another time it is confirmed, and still one request', async () => {
    const ref = fresh();
    await home.take('north', requestXml({ from: 'north', ref, at: now }), now);
    const again = await home.take(
      'north',
      requestXml({ from: 'north', ref, at: now + minute }),
      now + minute,
    );
    expect(told(again)).toBe('OK');
    expect(await home.messages(ref)).toHaveLength(1);
  });

  test('I18 an id that was used for something else is refused, and the first request stays', async () => {
    const ref = fresh();
    await home.take('north', requestXml({ from: 'north', ref, at: now }), now);
    const other = requestXml({ from: 'north', ref, at: now }, { bibliographicInfo: { title: 'Botchan' } });
    const refused = await home.take('north', other, now);
    expect(told(refused)).toBe(`ERROR | UnrecognisedDataValue requestingAgencyRequestId: ${ref}`);
    expect((await home.messages(ref)).map(({ state }) => state)).toEqual(['stored', 'refused']);
    expect(await home.take('north', other, now + minute)).toMatchObject({
      xml: 'xml' in refused && refused.xml,
    });
  });

  test('I18 a reminder of a known request is heeded with it', async () => {
    const ref = fresh();
    await home.take('north', requestXml({ from: 'north', ref, at: now }), now);
    const serviceInfo = { requestType: 'Reminder', serviceType: 'Loan' } as const;
    const reminder = requestXml({ from: 'north', ref, at: now + minute }, { serviceInfo });
    expect(told(await home.take('north', reminder, now + minute))).toBe('OK');
    expect((await home.messages(ref)).map(({ says }) => says)).toEqual(['New', 'Reminder']);
  });

  test('I18 of the same request twice at the same instant one is stored, and both are confirmed alike', async () => {
    for (let round = 0; round < 10; round += 1) {
      const ref = fresh();
      const xml = requestXml({ from: 'north', ref, at: now });
      const [one, two] = await Promise.all([home.take('north', xml, now), home.take('north', xml, now + 1)]);
      expect(one).toEqual({ ...two, rouse: expect.anything() });
      expect(await home.messages(ref)).toHaveLength(1);
    }
  });

  test('I18 of two different requests with one id at the same instant one is stored and the other refused', async () => {
    for (let round = 0; round < 10; round += 1) {
      const ref = fresh();
      const titles = ['Kokoro', 'Botchan'].map((title) => ({ bibliographicInfo: { title } }));
      const answers = await Promise.all(
        titles.map((body) => home.take('north', requestXml({ from: 'north', ref, at: now }, body), now)),
      );
      expect(answers.map((each) => told(each).slice(0, 5)).toSorted()).toEqual(['ERROR', 'OK']);
    }
  });
});

describe('whose message it is', () => {
  test('I18 who has not proved anything stores nothing', async () => {
    const ref = fresh();
    const received = await home.take(null, requestXml({ from: 'north', ref, at: now }), now);
    expect(received).toEqual({ outcome: 'unauthenticated' });
    expect(await home.messages(ref)).toEqual([]);
  });

  test('I18 a message in the name of another agency is refused, and kept for staff under who sent it', async () => {
    const ref = fresh();
    const received = await home.take(
      'south',
      requestXml({ from: 'south', ref, at: now, claims: 'north' }),
      now,
    );
    expect(told(received)).toBe('ERROR | UnrecognisedDataValue requestingAgencyId: ISIL:XX-NORTH');
    expect(await home.messages(ref)).toMatchObject([{ peer: 'south', state: 'refused', about: null }]);
  });

  test('I18 a message for another library is refused', async () => {
    const ref = fresh();
    const received = await home.take('north', requestXml({ from: 'north', ref, at: now, to: 'west' }), now);
    expect(told(received)).toBe('ERROR | UnrecognisedDataValue supplyingAgencyId: ISIL:XX-WEST');
  });

  test('I18 nobody touches what is between two others', async () => {
    const ref = fresh();
    await home.take('north', requestXml({ from: 'north', ref, at: now }), now);
    const asked = await home.asked('north');
    const cancel = await home.take('south', actionXml({ from: 'south', ref, at: now }, 'Cancel'), now);
    const unfilled = statusXml({ from: 'south', ref: asked.ref, at: now }, 'RequestResponse', 'Unfilled');
    expect(told(cancel)).toBe(`ERROR | UnrecognisedDataValue requestingAgencyRequestId: ${ref}`);
    expect(told(await home.take('south', unfilled, now))).toBe(
      `ERROR | UnrecognisedDataValue requestingAgencyRequestId: ${asked.ref}`,
    );
    expect((await home.messages(ref)).map(({ peer, state }) => [peer, state])).toEqual([
      ['north', 'stored'],
      ['south', 'refused'],
    ]);
  });
});

describe('what a supplier says', () => {
  test('I18 it is judged by what is stored and not yet heeded', async () => {
    const { ref, id } = await home.asked('north', { status: 'RequestReceived', at: now });
    const says = (status: 'WillSupply' | 'Loaned' | 'Overdue' | 'CopyCompleted', at: number) =>
      home.take('north', statusXml({ from: 'north', ref, at }, 'StatusChange', status), at);
    expect(told(await says('Overdue', now + 1))).toBe('ERROR | UnrecognisedDataValue status: Overdue');
    const loaned = await says('Loaned', now + 2);
    expect(loaned).toMatchObject({ rouse: [{ process: 'ill', id, library: home.library }] });
    expect(told(await says('Overdue', now + 3))).toBe('OK');
    expect(told(await says('CopyCompleted', now + 4))).toBe(
      'ERROR | UnrecognisedDataValue status: CopyCompleted',
    );
    // Said before what is known: it was on its way for long.
    const late = await says('WillSupply', now + 1);
    expect([told(late), late]).toEqual(['OK', expect.objectContaining({ rouse: [] })]);
    expect((await home.messages(ref)).map(({ says: said, state }) => `${said} ${state}`)).toEqual([
      'StatusChange/Overdue refused',
      'StatusChange/Loaned stored',
      'StatusChange/Overdue stored',
      'StatusChange/CopyCompleted refused',
      'StatusChange/WillSupply outdated',
    ]);
  });

  test('I18 after the end nothing changes any more; a note is still taken', async () => {
    const { ref } = await home.asked('north', { status: 'Unfilled', at: now });
    const says = (reason: 'StatusChange' | 'Notification', status: 'WillSupply' | 'Unfilled', at: number) =>
      home.take('north', statusXml({ from: 'north', ref, at }, reason, status), at).then(told);
    expect(await says('StatusChange', 'WillSupply', now + 1)).toBe(
      'ERROR | UnrecognisedDataValue status: WillSupply',
    );
    expect(await says('StatusChange', 'Unfilled', now + 2)).toBe('OK');
    expect(await says('Notification', 'Unfilled', now + 3)).toBe('OK');
    expect((await home.messages(ref)).map(({ state }) => state)).toEqual(['refused', 'outdated', 'stored']);
  });
});

describe('what a requester does', () => {
  test('I18 before its request has been heeded it can be cancelled, but nothing can be returned', async () => {
    const ref = fresh();
    await home.take('south', requestXml({ from: 'south', ref, at: now }), now);
    const does = (action: 'Cancel' | 'ShippedReturn' | 'StatusRequest', at: number) =>
      home.take('south', actionXml({ from: 'south', ref, at }, action), at).then(told);
    expect(await does('ShippedReturn', now + 1)).toBe('ERROR | UnsupportedActionType ShippedReturn');
    expect(await does('StatusRequest', now + 2)).toBe('OK');
    expect(await does('Cancel', now + 3)).toBe('OK');
  });

  test.each(statuses)('I18 a question about a request that is %s is always taken', async (status) => {
    const ref = fresh();
    const id = supplyIdOf(home.library, 'north', ref);
    const at = new Date(now);
    await bench.rows(
      `insert into supply_request (id, library, number, peer, their_ref, service, literature, title, content, delivery, status, received_at, ended_at)
       values (?, ?, ?, 'north', ?, 'loan', 'book', 'Kokoro', '{}', '{}', ?, ?, ?)`,
      [id, home.library, uuid(), ref, status, at, isTerminal(status) ? at : null],
    );
    const received = await home.take(
      'north',
      actionXml({ from: 'north', ref, at: now }, 'StatusRequest'),
      now,
    );
    expect(received).toMatchObject({ rouse: [{ process: 'supply', id }] });
    expect(told(received)).toBe('OK');
  });
});

describe('what cannot be understood', () => {
  const error = async (xml: string) => told(await home.take('north', xml, now));

  test('I18 the sender is told which kind of mistake it is', async () => {
    const { ref } = await home.asked('north');
    const status = statusXml({ from: 'north', ref, at: now }, 'StatusChange', 'Loaned');
    const action = actionXml({ from: 'north', ref: fresh(), at: now }, 'Cancel');
    expect(await error('<html>')).toMatch(/^ERROR \| BadlyFormedMessage /u);
    expect(await error('')).toMatch(/^ERROR \| BadlyFormedMessage/u);
    expect(await error(status.replace('>Loaned<', '>Borrowed<'))).toMatch(
      /^ERROR \| UnrecognisedDataValue .*Borrowed/u,
    );
    expect(await error(status.replace('>StatusChange<', '>Gossip<'))).toMatch(
      /^ERROR \| UnsupportedReasonForMessageType/u,
    );
    expect(await error(action.replace('>Cancel<', '>Dance<'))).toMatch(/^ERROR \| UnsupportedActionType/u);
    expect(await error(action.replace(/<action>.*<\/action>/u, ''))).toMatch(/^ERROR \| BadlyFormedMessage/u);
    const nameless = requestXml({ from: 'north', ref: ' ', at: now });
    expect(await error(nameless)).toBe('ERROR | UnrecognisedDataValue requestingAgencyRequestId');
    const future = requestXml({ from: 'north', ref: fresh(), at: now + 48 * 3_600_000 });
    expect(await error(future)).toMatch(/^ERROR \| UnrecognisedDataValue timestamp/u);
  });

  test('I18 a confirmation is no message, and an entity is none of ours', async () => {
    const received = await home.take('north', requestXml({ from: 'north', ref: fresh(), at: now }), now);
    const confirmation = 'xml' in received ? received.xml : '';
    expect(await error(confirmation)).toMatch(/^ERROR \| BadlyFormedMessage/u);
    const bomb = `<!DOCTYPE a [<!ENTITY b "c">]>${requestXml({ from: 'north', ref: fresh(), at: now }).replace(/^<\?xml.*\n/u, '')}`;
    expect(await error(bomb)).toMatch(/^ERROR \| BadlyFormedMessage a document type/u);
  });

  test('I18 codes of open lists and elements that nobody knows are passed over', async () => {
    const ref = fresh();
    const xml = requestXml({ from: 'north', ref, at: now }).replace('<title>', '<colour>red</colour><title>');
    expect(await error(xml)).toBe('OK');
    expect(await home.messages(ref)).toMatchObject([
      { state: 'stored', error: 'UnrecognisedDataElement: request/bibliographicInfo/colour' },
    ]);
  });

  test('I18 a secret in a message is not kept', async () => {
    const ref = fresh();
    const secret =
      '<requestingAgencyAuthentication><accountId>n</accountId><securityCode>hush</securityCode></requestingAgencyAuthentication></header>';
    const xml = requestXml({ from: 'north', ref, at: now }).replace('</header>', secret);
    let presented: string | undefined;
    const { receive } = await import('../../peers/receive.ts');
    const prove = (code: string | undefined) => {
      presented = code;
      return new Set(['north']);
    };
    expect(told(await receive(bench.deps, { library: home.library, xml, prove, now }))).toBe('OK');
    expect(presented).toBe('hush');
    const [row] = await bench.rows<{ all: string }>(
      'select to_jsonb(ill_message)::text as all from ill_message where request_ref = ?',
      [ref],
    );
    expect(row?.all).toContain('accountId');
    expect(row?.all).not.toContain('hush');
  });
});

(schemasPresent ? describe : describe.skip)('confirmations', () => {
  test.each(['north', 'south'] as const)(
    'I18 to %s are valid by the schema of its edition, whatever came',
    async (from) => {
      const check = createSchemaCheck();
      const { ref } = await home.asked(from, { status: 'RequestReceived', at: now });
      const request = requestXml({ from, ref: fresh(), at: now });
      const status = statusXml({ from, ref, at: now + 1 }, 'StatusChange', 'Loaned');
      const action = actionXml({ from, ref: fresh(), at: now }, 'Cancel');
      const all = [
        request,
        request.replace(/<requestingAgencyId>.*<\/requestingAgencyId>/u, ''),
        request.replace('</agencyIdValue>', '</agencyIdValue><agencyIdValue>2</agencyIdValue>'),
        request.replace(/<timestamp>.*<\/timestamp>/u, '<timestamp>tomorrow</timestamp>'),
        status,
        status.replace('>Loaned<', '>Borrowed<'),
        statusXml({ from, ref, at: now + 2 }, 'StatusChange', 'Unfilled'),
        action,
        action.replace('>Cancel<', '>Dance<'),
        '<a/>',
        'no XML at all',
      ];
      for (const xml of all) {
        const received = await home.take(from, xml, now);
        if (received.outcome !== 'confirmed') throw new Error('not confirmed');
        expect([xml, check.mistake(received.xml, editionsOf[from])]).toEqual([xml, null]);
      }
      check.dispose();
    },
  );
});
