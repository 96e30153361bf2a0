import type { Words } from '../words.ts';
import { causeName } from '../bodies/charges.ts';

/** Accounts by what stands before the colon; the rest says whose or where. */
const kinds = [
  'receivable',
  'prepaid',
  'cash',
  'card',
  'transfer',
  'bank',
  'gateway',
  'income',
  'subsidy',
  'waiver',
  'suspense',
  'returned',
  'loss',
  'fee',
  'difference',
  'safe',
  'transit',
  'deposit',
  'slips',
  'returns',
  'other',
  'peer',
  'cost',
  'exchange',
  'netting',
  'finance',
] as const;

type Kind = (typeof kinds)[number];

const ofCause: readonly Kind[] = ['income', 'subsidy', 'waiver'];
const ofBranch: readonly Kind[] = ['cash', 'card', 'difference', 'safe', 'transit'];
const ofReader: readonly Kind[] = ['receivable', 'prepaid', 'deposit'];

/**
 * What an account of the books is called, in words: a reader's by the number of the card, a till's by its branch, income by what it is for. One of a kind this version
 * does not know stands for itself.
 */
export function accountName(words: Words, account: string, card: string | null = null): string {
  const [prefix = '', ...rest] = account.split(':');
  const kind = kinds.find((each) => each === prefix);
  if (kind === undefined) return account;
  const code = rest.join(':');
  if (ofReader.includes(kind) && code === '') return words.text(`money.accounts.${kind}`);
  return words.say(`money.account.${kind}`, { who: whose(words, kind, code, card) });
}

function whose(words: Words, kind: Kind, code: string, card: string | null): string {
  if (ofReader.includes(kind)) return card ?? code;
  if (ofCause.includes(kind)) return causeName(words, code);
  return ofBranch.includes(kind) ? words.place(code).name : code;
}
