import { expect, test } from '@jest/globals';
import type { Body } from '../../iso18626/message.ts';
import { readMessage } from '../../iso18626/read.ts';
import { inEdition } from '../../peers/in-edition.ts';
import { createSchemaCheck, schemasPresent } from '../support/schema-check.ts';

const id = (value: string) => ({ agencyIdType: { value: 'ISIL' }, agencyIdValue: value });
const header = {
  supplyingAgencyId: id('XX-A'),
  requestingAgencyId: id('XX-B'),
  timestamp: '2026-11-22T10:00:00Z',
  requestingAgencyRequestId: 'R1',
};
const lastChange = header.timestamp;

test('I18 to an agency of the 2017 edition, what it has no place for is said in the note', () => {
  const body: Body<'supplyingAgencyMessage'> = {
    header,
    messageInfo: { reasonForMessage: 'RequestResponse', note: 'Sorry' },
    statusInfo: { status: 'RetryPossible', lastChange },
    retryInfo: { loanCondition: [{ value: 'LibraryUseOnly' }, { value: 'NoReproduction' }] },
  };
  const { xml } = inEdition({ name: 'supplyingAgencyMessage', body }, '1.2');
  const { message } = readMessage(xml);
  expect(message?.name === 'supplyingAgencyMessage' && message.body.messageInfo.note).toContain(
    'loanCondition: LibraryUseOnly, NoReproduction',
  );
  expect(inEdition({ name: 'supplyingAgencyMessage', body }, '2021').xml).not.toContain('loanCondition:');
  if (schemasPresent) {
    const check = createSchemaCheck();
    expect(check.mistake(xml, '1.2')).toBeNull();
    check.dispose();
  }
});

test('I18 an action or a status that the 2017 edition does not know becomes a notification', () => {
  const lost = inEdition(
    { name: 'requestingAgencyMessage', body: { header, action: 'Lost', note: 'Sunk' } },
    '1.2',
  );
  expect(readMessage(lost.xml).message?.body).toMatchObject({
    action: 'Notification',
    note: expect.stringMatching(/^Sunk\sLost$/u),
  });
  const statusInfo = { status: 'HoldReturn', lastChange } as const;
  const body = { header, messageInfo: { reasonForMessage: 'StatusChange' as const }, statusInfo };
  const held = inEdition({ name: 'supplyingAgencyMessage', body }, '1.2');
  expect(readMessage(held.xml).message?.body).toMatchObject({
    messageInfo: { reasonForMessage: 'Notification', note: 'HoldReturn' },
    statusInfo: { status: 'Loaned' },
  });
  expect(inEdition({ name: 'supplyingAgencyMessage', body }, '2021').xml).toContain('<status>HoldReturn<');
});
