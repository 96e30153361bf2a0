import { Migration } from '@mikro-orm/migrations';

/** The latest of what was carried, as far as its account says that it is still on its way. */
export const onItsWay = `
insert into carried_cash (id, library, branch, amount, currency, carried_at)
select id, library, branch, amount, currency, at from (
  select journal.id, journal.library, substr(posting.account, 9) as branch, posting.amount, posting.currency, journal.at,
    sum(posting.amount) over (partition by journal.library, posting.account, posting.currency, sign(posting.amount)
      order by journal.at desc, journal.id desc) as and_later,
    (select sum(each.amount) from posting each join journal booking on booking.id = each.journal_id
      where booking.library = journal.library and each.account = posting.account and each.currency = posting.currency) as balance
  from journal join posting on posting.journal_id = journal.id
  where journal.kind in ('drawer-paid-out', 'drawer-paid-in') and posting.account like 'transit:%'
) carried where balance <> 0 and sign(amount) = sign(balance) and abs(and_later) <= abs(balance)`;

/**
 * Cash that is carried between tills and the bank, each time by itself, so that it is known which of it the bank's statements show (P9). What was carried before is there as
 * far as the accounts say that it is still on its way: the latest of it.
 */
export class Migration20270105000000CarriedCash extends Migration {
  override up(): void {
    this.addSql(`
create table carried_cash (
  id uuid primary key references journal,
  library text not null,
  branch text not null,
  amount bigint not null check (amount <> 0),
  currency text not null,
  carried_at timestamptz not null,
  entry_id uuid references bank_entry
);
create index carried_cash_waiting on carried_cash (library, carried_at) where entry_id is null;
create index carried_cash_entry on carried_cash (entry_id) where entry_id is not null;

${onItsWay};
    `);
  }
}
