import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { XmlDocument, XsdValidator } from 'libxml2-wasm';
import { retryFrom2017 } from '../../iso18626/message.ts';
import { readMessage } from '../../iso18626/read.ts';
import type { Message } from '../../iso18626/message.ts';
import { writeMessage } from '../../iso18626/write.ts';
import { messages } from './arbitrary.ts';

const editions = ['1.2', '2021'] as const;
const data = '../shared/data/iso18626';
const schemas = { '1.2': `${data}/ISO-18626-v1_2.xsd`, '2021': `${data}/ISO-18626-2021-2.xsd` };
const flow = `${data}/flow-willsupply-loaned`;

const agency = (value: string) => ({ agencyIdType: { value: 'ISIL' }, agencyIdValue: value });
const header = {
  supplyingAgencyId: agency('CN-ZJU'),
  requestingAgencyId: agency('DE-1'),
  timestamp: '2026-11-22T08:00:00Z',
  requestingAgencyRequestId: '17',
};

const said = (message: Message) =>
  message.name === 'supplyingAgencyMessage' ? { ...message, body: retryFrom2017(message.body) } : message;

describe.each(editions)('edition %s', (edition) => {
  test('I18 whatever can be said is read again as it was said', () => {
    fc.assert(
      fc.property(messages(edition), (message) => {
        const { xml, unsaid } = writeMessage(message, edition);
        expect(unsaid).toEqual([]);
        const reading = readMessage(xml);
        expect(reading.mistakes).toEqual([]);
        expect(reading).toMatchObject({ edition, name: message.name });
        expect(said(reading.message as Message)).toEqual(said(message));
      }),
      { numRuns: 300 },
    );
  });

  (existsSync(schemas[edition]) ? test : test.skip)(
    'I18 whatever is written is valid by the schema of the edition (../shared/data, skipped where the schema is absent)',
    () => {
      const schema = XmlDocument.fromBuffer(readFileSync(schemas[edition]));
      const validator = XsdValidator.fromDoc(schema);
      try {
        fc.assert(
          fc.property(messages(edition), (message) => {
            const document = XmlDocument.fromString(writeMessage(message, edition).xml);
            try {
              validator.validate(document);
            } finally {
              document.dispose();
            }
          }),
          { numRuns: 300 },
        );
      } finally {
        validator.dispose();
        schema.dispose();
      }
    },
  );
});

function readRecordedFlow() {
  const names = readdirSync(flow)
    .toSorted()
    .map((file) => {
      const { message, mistakes } = readMessage(readFileSync(`${flow}/${file}`, 'utf8'));
      expect({ file, mistakes }).toEqual({ file, mistakes: [] });
      return message?.name;
    });
  expect(new Set(names).size).toBe(6);
}

const testRecordedFlow = existsSync(flow) ? test : test.skip;
testRecordedFlow(
  `I18 a recorded flow between two foreign programs is understood (${flow}, skipped where it is absent)`,
  readRecordedFlow,
);

describe('what peers send', () => {
  test('I18 either edition’s names, another order, prefixes and unknown elements do no harm; what is not known is named', () => {
    const xml = `<ill:ISO18626Message xmlns:ill="http://illtransactions.org/2013/iso18626" version="1.2"><ill:requestingAgencyMessage>
      <ill:note>soon</ill:note><ill:action>Renew</ill:action><ill:mood>good</ill:mood>
      <ill:header><ill:timestamp>2026-11-22T09:00:00+01:00</ill:timestamp><ill:requestingAgencyRequestId> 17 </ill:requestingAgencyRequestId>
        <ill:requestingAgencyId><ill:agencyIdValue>DE-1</ill:agencyIdValue><ill:agencyIdType ill:scheme="http://x">ISIL</ill:agencyIdType></ill:requestingAgencyId>
        <ill:supplyingAgencyId><ill:agencyIdType>ISIL</ill:agencyIdType><ill:agencyIdValue>CN-ZJU</ill:agencyIdValue></ill:supplyingAgencyId></ill:header>
      </ill:requestingAgencyMessage></ill:ISO18626Message>`;
    const { message, mistakes } = readMessage(xml);
    const requestingAgencyId = { agencyIdType: { value: 'ISIL', scheme: 'http://x' }, agencyIdValue: 'DE-1' };
    expect(message).toEqual({
      name: 'requestingAgencyMessage',
      body: { header: { ...header, requestingAgencyId }, action: 'Renew', note: 'soon' },
    });
    expect(mistakes).toEqual([
      { errorType: 'UnrecognisedDataElement', errorValue: 'requestingAgencyMessage/mood' },
    ]);
  });

  test.each([
    ['UnsupportedActionType', 'requestingAgencyMessage', '<action>Dance</action>'],
    ['BadlyFormedMessage', 'requestingAgencyMessage', ''],
    [
      'UnsupportedReasonForMessageType',
      'supplyingAgencyMessage',
      '<messageInfo><reasonForMessage>Boredom</reasonForMessage></messageInfo><statusInfo><status>Loaned</status><lastChange>2026-11-22T08:00:00Z</lastChange></statusInfo>',
    ],
    [
      'UnrecognisedDataValue',
      'supplyingAgencyMessage',
      '<messageInfo><reasonForMessage>StatusChange</reasonForMessage></messageInfo><statusInfo><status>Lent</status><lastChange>2026-11-22T08:00:00Z</lastChange></statusInfo>',
    ],
  ])('I18 %s is told, with the header for the confirmation', (errorType, name, content) => {
    const { xml } = writeMessage(
      { name: 'requestingAgencyMessage', body: { header, action: 'Cancel' } },
      '2021',
    );
    const given = xml.replaceAll('requestingAgencyMessage', name).replace('<action>Cancel</action>', content);
    const reading = readMessage(given);
    expect(reading.message).toBeUndefined();
    expect(reading.header).toMatchObject({ requestingAgencyRequestId: '17' });
    expect(reading.mistakes).toMatchObject([{ errorType }]);
  });

  test.each([
    ['nothing', ''],
    ['no XML', 'hello'],
    ['half of it', '<ISO18626Message><request>'],
    [
      'an entity',
      '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><ISO18626Message>&e;</ISO18626Message>',
    ],
    [
      'a billion laughs',
      `<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><ISO18626Message>&b;</ISO18626Message>`,
    ],
    ['something else', '<html/>'],
    ['another namespace', '<ISO18626Message xmlns="urn:other"><request/></ISO18626Message>'],
    ['two messages', '<ISO18626Message><request/><request/></ISO18626Message>'],
    ['an unknown message', '<ISO18626Message><constructor/></ISO18626Message>'],
    ['endless depth', '<ISO18626Message>'.repeat(10_000)],
    ['endless length', `<ISO18626Message><request>${'<note/>'.repeat(100_000)}</request></ISO18626Message>`],
  ])('I18 %s is told as badly formed, and nothing else happens', (_, xml) => {
    const { message, mistakes } = readMessage(xml);
    expect(message).toBeUndefined();
    expect(mistakes[0]).toMatchObject({ errorType: 'BadlyFormedMessage' });
  });
});

describe('what an edition has no place for', () => {
  test('I18 is named, so that it can be said in a note', () => {
    const body = {
      header,
      messageInfo: { reasonForMessage: 'StatusChange' },
      statusInfo: { status: 'CopyCompleted', lastChange: '2026-11-22T08:00:00Z' },
      deliveryInfo: { dateSent: '2026-11-22T08:00:00Z', URL: 'https://x.example/1', itemId: ['1', '2'] },
    } as const;
    const { xml, unsaid } = writeMessage({ name: 'supplyingAgencyMessage', body }, '1.2');
    expect(unsaid).toEqual([
      'supplyingAgencyMessage/deliveryInfo/itemId[2]',
      'supplyingAgencyMessage/deliveryInfo/URL',
    ]);
    expect(xml).not.toContain('x.example');
    expect(writeMessage({ name: 'supplyingAgencyMessage', body }, '2021').unsaid).toEqual([]);
  });

  test('I18 costs offered for a retry stand where each edition has them', () => {
    const costs = { currencyCode: { value: 'CNY' }, monetaryValue: '12.50' };
    const body = {
      header,
      messageInfo: { reasonForMessage: 'RequestResponse', reasonRetry: { value: 'CostExceedsMaxCost' } },
      statusInfo: { status: 'RetryPossible', lastChange: '2026-11-22T08:00:00Z' },
      retryInfo: { offeredCosts: [costs], retryBefore: '2026-12-01T00:00:00Z' },
    } as const;
    const message = { name: 'supplyingAgencyMessage', body } as const;
    const old = writeMessage(message, '1.2').xml;
    expect(old).toMatch(/<reasonRetry>CostExceedsMaxCost<\/reasonRetry><offeredCosts>.*<\/messageInfo>/u);
    expect(writeMessage(message, '2021').xml).toMatch(/<retryInfo><offeredCosts>/u);
    for (const edition of editions) {
      const read = readMessage(writeMessage(message, edition).xml).message;
      expect(read?.body).toMatchObject({ retryInfo: { offeredCosts: [costs] } });
    }
  });

  test('I18 a request without what the edition must have is not written', () => {
    const { supplyingAgencyId: _, ...withoutSupplier } = header;
    const bibliographicInfo = { title: 'Faust' };
    const body = {
      header: withoutSupplier,
      bibliographicInfo,
      serviceInfo: { serviceType: 'Copy' },
    } as const;
    expect(() => writeMessage({ name: 'request', body }, '1.2')).toThrow('supplyingAgencyId');
    expect(readMessage(writeMessage({ name: 'request', body }, '2021').xml).message?.body).toEqual(body);
    const noService = { header, bibliographicInfo };
    expect(() => writeMessage({ name: 'request', body: noService }, '2021')).toThrow('serviceInfo');
  });
});
