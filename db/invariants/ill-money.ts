import type { Invariant } from './invariant.ts';

/** What libraries owe each other (I15, I17). That a thing is booked once, and stands in one settlement at most, is an index's business too. */
export const illMoneyInvariants: readonly Invariant[] = [
  {
    name: 'ill-peer-account',
    meaning:
      'What the books say is between two libraries is what was shipped between them less what was settled.',
    sql: `
      select library || ' ' || peer || ' ' || currency as id from (
        select library, substr(account, 6) as peer, posting.currency, amount from posting join journal on journal.id = journal_id where account like 'peer:%'
        union all
        select library, peer, currency, -amount from ill_transaction
        union all
        select library, peer, currency, total from ill_settlement where state = 'settled'
      ) line group by library, peer, currency having sum(amount) <> 0`,
  },
  {
    name: 'ill-transaction-booked',
    meaning: 'What is owed for something shipped is booked for its amount on the other library’s account.',
    sql: `
      select 'ill-transaction:' || one.id as id from ill_transaction one
      where amount <> 0 and not exists (select from posting join journal on journal.id = posting.journal_id where posting.journal_id = one.journal_id
        and journal.library = one.library and account = 'peer:' || one.peer and posting.amount = one.amount and posting.currency = one.currency)`,
  },
  {
    name: 'ill-shipped-booked',
    meaning: 'Whatever was shipped, to us or by us, is counted between the two libraries.',
    sql: `
      select 'supply:' || id as id from supply_request supply where shipped_at is not null
        and not exists (select from ill_transaction where library = supply.library and about_id = supply.id and kind = 'shipped' and side = 'supplier' and peer = supply.peer)
      union all
      select 'ill:' || request.id from ill_request request join ill_attempt attempt on attempt.id = attempt_id where request.shipped_at is not null and attempt.peer <> '-'
        and not exists (select from ill_transaction where library = request.library and about_id = attempt.id and kind = 'shipped' and side = 'requester' and peer = attempt.peer)`,
  },
  {
    name: 'ill-settlement-lines',
    meaning:
      'A settlement is the sum of its lines but those left out, each for the amount of what was shipped, of the same two libraries and currency.',
    sql: `
      select 'ill-settlement:' || settlement.id as id from ill_settlement settlement where total <> (
        select coalesce(sum(amount), 0) from ill_settlement_line line where settlement_id = settlement.id and line.state <> 'left-out')
      union all
      select 'ill-settlement:' || settlement.id from ill_settlement settlement join ill_settlement_line line on line.settlement_id = settlement.id
        join ill_transaction one on one.id = transaction_id
      where line.amount <> one.amount or one.library <> settlement.library or one.peer <> settlement.peer or one.currency <> settlement.currency`,
  },
  {
    name: 'ill-settlement-confirmed',
    meaning: 'Nothing is confirmed or paid while a line of it is disputed.',
    sql: `
      select 'ill-settlement:' || settlement.id as id from ill_settlement settlement
      where (our_confirmed_at is not null or state in ('confirmed', 'settled'))
        and exists (select from ill_settlement_line line where settlement_id = settlement.id and line.state = 'disputed')`,
  },
  {
    name: 'ill-settlement-paid',
    meaning: 'A settlement that is paid was booked: out of the other library’s account, for its sum.',
    sql: `
      select 'ill-settlement:' || settlement.id as id from ill_settlement settlement
      where state = 'settled' and total <> 0 and not exists (select from posting where journal_id = settlement.journal_id
        and account = 'peer:' || settlement.peer and currency = settlement.currency)`,
  },
  {
    name: 'ill-netting-even',
    meaning:
      'What a netting leaves the libraries to get and to pay comes to nothing, and is the sum of their settlements in it.',
    sql: `
      select 'ill-netting:' || netting_id as id from ill_netting_position group by netting_id having sum(amount) <> 0
      union all
      select 'ill-netting:' || netting_id from ill_netting_position position where amount <> (
        select coalesce(sum(total), 0) from ill_settlement where netting_id = position.netting_id and library = position.library)`,
  },
  {
    name: 'ill-netting-account',
    meaning: 'What the books say of nettings is what of them is not paid.',
    sql: `
      select library || ' ' || currency as id from (
        select library, posting.currency, amount from posting join journal on journal.id = journal_id where account = 'netting:ill'
        union all
        select library, currency, -amount from ill_netting_position join ill_netting on id = netting_id where settled_at is null
      ) line group by library, currency having sum(amount) <> 0`,
  },
];
