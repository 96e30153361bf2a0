import { causes } from '../domain/causes.ts';
import { ownName } from '../domain/charges.ts';
import type { Language } from '../domain/languages.ts';
import type { LibraryPolicy } from '../domain/policy.ts';
import { peerName } from '../domain/policy-peers.ts';
import type { TextData } from './texts.ts';

/** The texts of one library in one language, as far as names of accounts need them. */
export interface NameWords {
  readonly policy: LibraryPolicy;
  readonly language: Language;
  readonly text: (key: string) => string;
  readonly say: (key: string, data: TextData) => string;
  readonly place: (code: string) => { readonly name: string };
}

/** Accounts of which a library has one. */
const single: Readonly<Record<string, string>> = {
  receivable: 'receivable',
  prepaid: 'prepaid',
  deposit: 'deposit',
  'income:ill': 'ill-income',
  'income:ill-lost': 'ill-lost-income',
  'cost:ill': 'ill-cost',
  'cost:ill-lost': 'ill-lost-cost',
  'exchange:ill': 'ill-exchange',
  'netting:ill': 'ill-netting',
  'finance:ill': 'ill-finance',
  'finance:library': 'finance',
};

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
] as const;

type Kind = (typeof kinds)[number];

const ofCause: readonly Kind[] = ['income', 'subsidy', 'waiver'];
const ofBranch: readonly Kind[] = ['cash', 'card', 'difference', 'safe', 'transit'];
const ofReader: readonly Kind[] = ['receivable', 'prepaid', 'deposit'];

/** What a fee is called by the library, in the language of the words. */
export function causeName({ policy, language, text }: NameWords, cause: string): string {
  const known = causes.some((each) => each === cause);
  return ownName(policy, cause, language) ?? (known ? text(`money.cause.${cause}`) : cause);
}

/**
 * What an account of the books is called, in words: a reader's by the number of the card, a till's by its branch, income by what it is for, another library's by that library's
 * name. One of a kind this version does not know stands for itself.
 */
export function accountName(words: NameWords, account: string, card: string | null = null): string {
  const own = single[account];
  if (own !== undefined) return words.text(`money.accounts.${own}`);
  const [prefix = '', ...rest] = account.split(':');
  const kind = kinds.find((each) => each === prefix);
  if (kind === undefined) return account;
  return words.say(`money.account.${kind}`, { who: whose(words, kind, rest.join(':'), card) });
}

function whose(words: NameWords, kind: Kind, code: string, card: string | null): string {
  if (ofReader.includes(kind)) return card ?? code;
  if (ofCause.includes(kind)) return causeName(words, code);
  if (kind === 'peer') return peerName(words.policy, code, words.language);
  return ofBranch.includes(kind) ? words.place(code).name : code;
}
