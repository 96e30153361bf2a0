import { once, type Step } from '../../db/transaction.ts';
import { refuse, type Refused } from '../../domain/refusal.ts';
import type { Actor } from '../../domain/roles.ts';
import type { ActivityDeps } from '../deps.ts';

export interface EnterTerminalTotal extends Step {
  readonly library: string;
  readonly branch: string;
  /** Civil day `YYYY-MM-DD` in the library's zone. */
  readonly day: string;
  /** Minor units of the library's currency. */
  readonly amountMinor: number;
  readonly actor: Actor;
}

export interface TerminalTotalEntered {
  readonly branch: string;
  readonly day: string;
  readonly amountMinor: number;
}

/** What the card terminals say they took (P3, P9). */
export function createTerminalCommands({ orm, policies }: ActivityDeps) {
  return {
    /** Enters a branch's total of a day, or corrects it; the daily comparison holds it against the books. */
    enterTerminalTotal: (step: EnterTerminalTotal): Promise<Refused | TerminalTotalEntered> =>
      once(orm, step, async (tx) => {
        const { library, branch, day, amountMinor, actor, now } = step;
        const { branches, currency } = policies.get(library);
        if (!branches.some(({ code }) => code === branch)) return refuse({ code: 'branch-unknown', branch });
        await tx.execute(
          `insert into terminal_total (library, branch, day, amount, currency, entered_at, entered_by) values (?, ?, ?, ?, ?, ?, ?)
           on conflict (library, branch, day) do update set amount = excluded.amount, entered_at = excluded.entered_at, entered_by = excluded.entered_by`,
          [library, branch, day, amountMinor, currency, new Date(now), actor],
        );
        return { branch, day, amountMinor };
      }),
  };
}
