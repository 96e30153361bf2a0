import type { BankEntry } from '../../db/entities/index.ts';
import { paymentsNamed, type PayoutRow, payoutsOf } from '../../db/queries/entry-candidates.ts';
import type { Tx } from '../../db/transaction.ts';
import { ruledAccount } from '../../domain/entry-rules.ts';
import type { Decision } from '../../domain/matching.ts';
import { findReferences } from '../../domain/payment-reference.ts';
import type { MatchingPolicy } from '../../domain/policy-matching.ts';
import type { LibraryPolicy } from '../../domain/policy.ts';
import { cashLooker } from './entry-cash.ts';
import { expectedOf, lookInward, nameReader } from './entry-inward.ts';
import { lookOutward } from './entry-outward.ts';
import { transit } from '../ledger.ts';

/** What the bank says of an entry, in words. */
export const textOf = ({ payerName, remittance, endToEnd, reference }: BankEntry): string =>
  [payerName, remittance, endToEnd, reference].filter((each) => each != null && each !== '').join('\n');

/** The references an entry names, each field by itself, each once. */
export function referencesOf({ remittance, endToEnd, reference }: BankEntry): string[] {
  const texts = [remittance, endToEnd ?? '', reference ?? ''];
  return [...new Set(texts.flatMap((text) => findReferences(text)))];
}

/** Decides on entries of one library (P9), in their order, from what is true now; nothing is changed. Whoever books it looks at the payments again, locked. */
export async function lookAtEntries(
  tx: Tx,
  policy: LibraryPolicy,
  entries: readonly BankEntry[],
): Promise<Decision[]> {
  const read = nameReader();
  const named = new Map(entries.map((entry) => [entry.id, referencesOf(entry)]));
  const references = [...named.values()].flat();
  const found =
    references.length > 0 ? await paymentsNamed(tx, policy.code, policy.timeZone, references) : [];
  const byReference = new Map(found.map((row) => [row.reference, expectedOf(row, read)]));
  const looking = entries.map((entry) => {
    const mine = (named.get(entry.id) ?? []).flatMap((each) => byReference.get(each) ?? []);
    return { entry, mine };
  });
  const unnamed = looking.filter(({ mine }) => mine.length === 0).map(({ entry }) => entry);
  const accounts = await accountsFor(tx, policy, unnamed);
  const cash = cashLooker(tx, policy);
  const decisions = new Map<string, Decision>();
  for (const { entry, mine } of looking) {
    const account = accounts.get(entry.id);
    if (account !== undefined) decisions.set(entry.id, await decideByRule(policy, cash, entry, account));
    else if (entry.amount < 0n) decisions.set(entry.id, await lookOutward(tx, policy, entry, mine));
  }
  const inward = looking.filter(({ entry }) => !decisions.has(entry.id));
  for (const [id, decision] of await lookInward(tx, policy, inward, read)) decisions.set(id, decision);
  for (const entry of unnamed)
    decisions.set(entry.id, await cash.offer(entry, decisions.get(entry.id) as Decision));
  return entries.map(({ id }) => decisions.get(id) as Decision);
}

/** An entry that a rule has an account for. Of a branch's cash it is asked which, so that it is known what of it has arrived. */
async function decideByRule(
  { branches }: LibraryPolicy,
  cash: ReturnType<typeof cashLooker>,
  entry: BankEntry,
  account: string,
): Promise<Decision> {
  const branch = branches.find(({ code }) => transit(code) === account);
  const found = branch && (await cash.ruled(entry, branch.code));
  return found ?? toAccount(entry, account);
}

function toAccount({ amount }: BankEntry, account: string): Decision {
  const amountMinor = Number(amount < 0n ? -amount : amount);
  return { parts: [{ to: 'account', account, amountMinor }], fee: 0n, reasons: ['rule'] };
}

/** The accounts of the ledger that entries without a reference belong to, by the entries' ids. */
async function accountsFor(
  tx: Tx,
  { code, money }: LibraryPolicy,
  entries: readonly BankEntry[],
): Promise<Map<string, string>> {
  const amounts = entries.flatMap(({ amount }) => (amount > 0n ? [amount] : []));
  const payouts = amounts.length > 0 ? await payoutsOf(tx, code, amounts) : [];
  return new Map(
    entries.flatMap((entry) => {
      const account = accountFor(money.matching, entry, payouts);
      return account === undefined ? [] : [[entry.id, account]];
    }),
  );
}

/** The account of the ledger that an entry belongs to which is no reader's: by the policy's rules, or since it names a gateway's payout of its amount (P9). */
function accountFor(
  matching: MatchingPolicy,
  entry: BankEntry,
  payouts: readonly PayoutRow[],
): string | undefined {
  const { code = null, payerAccount: counterparty = null, amount, currency } = entry;
  const text = textOf(entry);
  const ruled = ruledAccount(matching, { amount, code, counterparty, text });
  if (ruled !== undefined) return ruled;
  const paidOut = payouts.find(
    (payout) =>
      BigInt(payout.amount) === amount &&
      payout.currency === currency &&
      text.toLowerCase().includes(payout.payout.toLowerCase()),
  );
  return paidOut && `gateway:${paidOut.provider}`;
}
