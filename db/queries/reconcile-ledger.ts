/** Accounts on which money stands that somebody still has to bring, send or settle; those of banks apart. */
const named = [
  'cash',
  'card',
  'gateway',
  'transfer',
  'slips',
  'suspense',
  'returned',
  'returns',
  'safe',
  'transit',
  'peer',
] as const;

/** What the ledger says of them (P9). `:library`, `:ends`. Columns of `AccountFigures`. */
export const ledgerBalances = `
  select posting.account, posting.currency, sum(posting.amount)::text as ledger, null as other, null as waiting
  from journal join posting on posting.journal_id = journal.id
  where journal.library = :library and journal.at < :ends
    and (${named.map((kind) => `posting.account like '${kind}:%'`).join(' or ')})
  group by posting.account, posting.currency order by posting.account`;
