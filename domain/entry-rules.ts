import type { MatchingPolicy, MatchingRule } from './policy-matching.ts';

/** What a rule looks at; `amount` below zero: money that went out. */
export interface RuledEntry {
  readonly amount: bigint;
  readonly code: string | null;
  readonly counterparty: string | null;
  /** Everything the bank says of it in words: name, remittance, references. */
  readonly text: string;
}

function applies(rule: MatchingRule, entry: RuledEntry): boolean {
  const { direction, text, bankCode, counterparty } = rule;
  return (
    (direction === undefined || (direction === 'in') === entry.amount > 0n) &&
    (text === undefined || new RegExp(text, 'iu').test(entry.text.normalize('NFKC'))) &&
    (bankCode === undefined || (entry.code ?? '').startsWith(bankCode)) &&
    (counterparty === undefined || entry.counterparty === counterparty.replaceAll(' ', ''))
  );
}

/** The account of the ledger that an entry of no reader belongs to, by the first of the policy's rules that fits (P9): bank's fees, a gateway's payout, own transfers. */
export function ruledAccount({ rules }: MatchingPolicy, entry: RuledEntry): string | undefined {
  return rules.find((rule) => applies(rule, entry))?.book;
}
