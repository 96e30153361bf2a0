import { loansById, openLoans } from '../db/queries/loans.ts';
import { dueOf, loanBodies } from './bodies/loan.ts';
import type { Commands } from './commands-port.ts';
import type { ApiDeps } from './deps.ts';
import { inOrder, lineKey, outcomeOf, unknown } from './lines.ts';
import type { Account } from './readers-holds.ts';
import type { Words } from './words.ts';

type Known = Awaited<ReturnType<Commands['renew']>>;

function lineOf(loanId: string, known: Known, words: Words) {
  const due = known.outcome === 'done' ? dueOf(words, known.result.dueAt) : { dueAt: null, dueOn: null };
  return { loanId, ...outcomeOf(known, words), ...due };
}

/** What can be done with the loans of an account, whoever asks for it. Instants are epoch milliseconds. */
export function createReadersLoans(deps: Pick<ApiDeps, 'orm' | 'commands'>) {
  const ownOf = async ({ patronId }: Account, now: number, ids: readonly string[]) => {
    const { loans } = await loansById(deps.orm, patronId, new Date(now), ids);
    return new Set(loans.map((loan) => loan.id));
  };

  const renew = ({ actor }: Account, loanId: string, key: string) =>
    deps.commands.renew(loanId, { actor, channel: 'web' }, key);

  return {
    ownOf,
    renew,

    async list({ patronId }: Account, words: Words, now: number) {
      const account = await openLoans(deps.orm, patronId, new Date(now));
      return { status: 200, body: { items: loanBodies(account, words, now) } } as const;
    },

    async renewSeveral(
      account: Account,
      words: Words,
      {
        ids,
        requestKey,
        now,
      }: { readonly ids: readonly string[]; readonly requestKey: string; readonly now: number },
    ) {
      const own = await ownOf(account, now, ids);
      const outcomes = await inOrder(ids, (loanId) =>
        own.has(loanId) ? renew(account, loanId, lineKey(requestKey, loanId)) : unknown('loan-unknown'),
      );
      const lines = outcomes.map(({ line, known }) => lineOf(line, known, words));
      return { status: 200, body: { lines } } as const;
    },
  };
}
