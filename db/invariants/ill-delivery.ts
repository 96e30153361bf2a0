import { type Invariant, policies } from './invariant.ts';

/** What other libraries send, while it is here (I9, I13, I14). */
export const illDeliveryInvariants: readonly Invariant[] = [
  {
    name: 'ill-item-has-request',
    meaning:
      'Another library’s thing that is here belongs to one open request, which names it; what has ended keeps nothing on a shelf.',
    sql: `
      select 'item:' || item.id as id from item where ill_request_id is not null and state not in ('withdrawn', 'lost')
        and not exists (select from ill_request request where request.id = item.ill_request_id and request.item_id = item.id and request.ended_at is null)`,
  },
  {
    name: 'ill-lent-to-its-reader',
    meaning: 'Another library’s thing is on loan to the reader of its request exactly while that is lent.',
    sql: `
      select 'ill:' || request.id as id from ill_request request join item on item.id = request.item_id
      where (request.state = 'lent') <> exists (select from loan where item_id = item.id and ended_at is null and patron_id = request.patron_id)`,
  },
  {
    name: 'ill-return-asked',
    meaning:
      'What is here or with its reader by our books, and back at its supplier by the supplier’s word, was put before a librarian.',
    sql: `
      select 'ill:' || request.id as id from ill_request request join ill_attempt attempt on attempt.id = request.attempt_id
      where request.state in ('lent', 'received') and not request.direct and attempt.status = 'LoanCompleted'
        and not exists (select from task where task.subject_id = request.id and task.kind = 'ill-return-differs')`,
  },
  {
    name: 'ill-hidden-title',
    meaning: 'A copy is another library’s exactly when its title is in no catalogue.',
    sql: `
      select 'item:' || item.id as id from item join title on title.id = title_id where (ill_request_id is not null) <> (kind = 'ill')`,
  },
  {
    name: 'ill-document-of-state',
    meaning: 'A request whose document waits or can be fetched has one, which was not taken back.',
    sql: `
      select 'ill:' || request.id as id from ill_request request left join ill_document document on document.id = document_id
      where request.state in ('held', 'available') and (document.id is null or document.withdrawn_at is not null
        or (request.state = 'available') <> (document.released_at is not null))`,
  },
  {
    name: 'ill-downloads',
    meaning: 'No link gave its document more often than the policy allows.',
    sql: `
      select 'document:' || document.id as id from ill_document document join ${policies} on policy.library = document.library
      where downloads > case about when 'request' then ill_downloads else supplied_downloads end`,
  },
  {
    name: 'ill-document-gone',
    meaning: 'Of a request that has ended no file is kept.',
    sql: `
      select 'document:' || document.id as id from ill_document document join ill_request request on request.id = about_id
      where about = 'request' and content is not null and request.ended_at is not null`,
  },
];
