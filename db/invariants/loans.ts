import { type Invariant, policies } from './invariant.ts';

/** Due dates and renewals (L2, L3). */
export const loanInvariants: readonly Invariant[] = [
  {
    name: 'renewal-limit',
    meaning: 'No loan of the library’s own was renewed more often than the policy allows.',
    sql: `
      select 'loan:' || id as id from loan join ${policies} on policy.library = loan.library
      where loan.renewals > policy.renewals and loan.kind <> 'ill'`,
  },
  {
    name: 'renewals-on-record',
    meaning: 'A loan counts as many renewals as its story tells.',
    sql: `
      select 'loan:' || id as id from loan
      where renewals <> (select count(*) from event where subject_id = loan.id and kind = 'renewed')`,
  },
  {
    name: 'due-date-never-back',
    meaning:
      'No renewal or closure moved a due date back; only the supplier of another library’s thing does.',
    sql: `
      select distinct 'loan:' || loan.id as id from loan join event on event.subject_id = loan.id
      where loan.kind <> 'ill' and ((event.kind = 'renewed' and (detail ->> 'after')::timestamptz < (detail ->> 'before')::timestamptz)
        or (event.kind in ('checked-out', 'renewed') and loan.due_at < coalesce(detail ->> 'after', detail ->> 'dueAt')::timestamptz))`,
  },
  {
    name: 'no-renewal-when-overdue',
    meaning: 'No loan of the library’s own was renewed after its due date.',
    sql: `
      select distinct 'loan:' || subject_id as id from event join loan on loan.id = subject_id
      where event.kind = 'renewed' and loan.kind <> 'ill' and at > (detail ->> 'before')::timestamptz`,
  },
];
