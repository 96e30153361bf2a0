import type { PersonalTable } from './personal-table.ts';

/** What readers asked other libraries for (I1); what was said about it to suppliers. */
export const illTables: readonly PersonalTable[] = [
  {
    table: 'account_link',
    rows: 'select * from account_link where patron_id = :patron or other_id = :patron',
    erase: ['delete from account_link where patron_id = :patron or other_id = :patron'],
    stays: '',
  },
  {
    table: 'ill_message',
    rows: `select message.stored_at, message.direction, message.says, message.body from ill_message message
      join ill_attempt on ill_attempt.id = message.about_id join ill_request on ill_request.id = ill_attempt.request_id
      where ill_request.patron_id = :patron`,
    erase: [
      `update ill_message set body = '{}', xml = null, confirmation = null where about_id in (
        select ill_attempt.id from ill_attempt join ill_request on ill_request.id = ill_attempt.request_id where ill_request.patron_id = :patron)`,
    ],
    stays: 'That a message was exchanged, and when.',
  },
  {
    table: 'ill_document',
    rows: `select name, media_type, size, stored_at, released_at, downloads from ill_document
      where about = 'request' and about_id in (select id from ill_request where patron_id = :patron)`,
    erase: [
      `update ill_document set name = '', content = null where about = 'request' and about_id in (
        select id from ill_request where patron_id = :patron)`,
    ],
    stays: 'That a document was delivered, for the settlement between the libraries.',
  },
  {
    table: 'ill_offer',
    rows: `select offer.state, offer.offered_at, offer.settled_at from ill_offer offer
      join ill_request on ill_request.id = offer.request_id where ill_request.patron_id = :patron`,
    erase: [
      `update ill_offer set url = '' where request_id in (select id from ill_request where patron_id = :patron)`,
    ],
    stays: 'That a supplier offered a document, and when.',
  },
  {
    table: 'ill_form',
    rows: 'select * from ill_form where patron_id = :patron',
    erase: [
      `update ill_form set address = null, beneficiary = null, beneficiary_email = null, content = content - 'note' where patron_id = :patron`,
    ],
    stays: 'What was asked for, on an id without a person: the settlement between libraries counts it.',
  },
  {
    table: 'ill_request',
    rows: 'select * from ill_request where patron_id = :patron',
    erase: [],
    stays: 'The request, on an id without a person: the settlement between libraries counts it.',
  },
];
