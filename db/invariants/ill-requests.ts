import { type Invariant, policies } from './invariant.ts';

/** Requests while they are obtained (I4, I8, I10). */
export const illRequestInvariants: readonly Invariant[] = [
  {
    name: 'request-with-supplier',
    meaning:
      'A request that is with a supplier has one attempt under way, the one that it names; a request that was not obtained has none.',
    sql: `
      select 'ill:' || request.id as id from ill_request request
      left join ill_attempt attempt on attempt.id = request.attempt_id and attempt.outcome = 'open'
      where request.state in ('requested', 'promised') and attempt.id is null
        or request.state in ('unfilled', 'rejected', 'cancelled') and exists (
          select from ill_attempt other where other.request_id = request.id and other.outcome = 'open')`,
  },
  {
    name: 'request-asked-somebody',
    meaning:
      'A question about a request is asked of somebody, and not for ever; staff find it on the work list.',
    sql: `
      select 'ill:' || request.id as id from ill_request request
      where (request.state = 'asked') <> (request.asks is not null and request.ask_until is not null)
        or request.state = 'asked' and request.asks = 'staff' and not exists (
          select from task where task.subject_id = request.id and task.kind = 'request-asks' and task.resolved_at is null)`,
  },
  {
    name: 'request-review-listed',
    meaning: 'A request that waits for its librarian stands on the work list.',
    sql: `
      select 'ill:' || request.id as id from ill_request request
      where request.state = 'reviewing' and not exists (
        select from task where task.subject_id = request.id and task.kind = 'review-request' and task.resolved_at is null)`,
  },
  {
    name: 'request-unfilled-told',
    meaning: 'A reader whose request could not be filled was told so, unless the policy tells nobody.',
    sql: `
      select 'ill:' || request.id as id from ill_request request
      join patron on patron.id = request.patron_id and patron.erased_at is null
      join ${policies} on policy.library = request.library and policy.notices ->> 'ill-unfilled' <> 'off'
      where request.state = 'unfilled' and not exists (
        select from notice where notice.subject_id = request.id and notice.kind = 'ill-unfilled')`,
  },
];
