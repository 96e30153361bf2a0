import type { Break } from './breaks.ts';
import { after } from './story.ts';

const at = `'${new Date(after).toISOString()}'::timestamptz`;

const fee = '00000000-0000-7000-8000-00000000000f';

export const familyBreaks: readonly Break[] = [
  {
    name: 'family-one-level',
    sql: ({ family: { main } }) => `
      alter table patron disable trigger patron_joins_or_closes;
      update patron set closed_at = ${at} where id = '${main}';`,
  },
  {
    name: 'family-on-record',
    sql: ({ family: { main, other } }) => `
      insert into event (id, library, subject_type, subject_id, patron_id, kind, actor, at, detail)
      select gen_random_uuid(), library, 'patron', id, id, 'family-unlinked', 'system', ${at}, '{"mainId": "${main}"}' from patron where id = '${other}'`,
  },
  {
    name: 'sub-card-owes-no-fee',
    sql: ({ family: { other } }) => `
      insert into journal (id, library, operation, kind, patron_id, at, actor)
      select '${fee}', library, 'charge:membership:${fee}', 'charge-membership', id, ${at}, 'system' from patron where id = '${other}';
      insert into posting (id, journal_id, account, amount, currency)
      values (gen_random_uuid(), '${fee}', 'receivable:${other}', 1000, 'EUR'), (gen_random_uuid(), '${fee}', 'income:membership', -1000, 'EUR');
      insert into charge (id, library, patron_id, journal_id, cause, subject_type, subject_id, amount, remaining, currency, raised_at)
      select '${fee}', library, id, '${fee}', 'membership', 'membership-period', '${fee}', 1000, 1000, 'EUR', ${at} from patron where id = '${other}';
      insert into membership_period (id, library, patron_id, due_on, state, charge_id, raised_at)
      select '${fee}', library, id, '2027-04-01', 'raised', '${fee}', ${at} from patron where id = '${other}';`,
  },
  {
    name: 'sub-card-paid-with-main',
    sql: ({ family: { other } }) => `update patron set paid_until = '2027-03-30' where id = '${other}'`,
  },
  {
    name: 'consent-within-family',
    sql: ({ family: { main, managed } }) => `
      insert into family_consent (id, library, main_id, sub_id, basis, granted_by, granted_at)
      select gen_random_uuid(), patron.library, '${managed}', hold.patron_id, 'holder', 'system', ${at}
      from hold join patron on patron.id = '${main}' where hold.state = 'waiting' and hold.patron_id <> '${managed}' limit 1`,
  },
  {
    name: 'acted-with-consent',
    sql: ({ waiting, family: { main } }) => `
      insert into event (id, library, subject_type, subject_id, patron_id, kind, actor, at)
      select gen_random_uuid(), library, 'hold', id, patron_id, 'hold-changed', 'patron:${main}', ${at} from hold where id = '${waiting}'`,
  },
];
