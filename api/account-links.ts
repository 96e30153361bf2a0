import { AccountLink, Patron } from '../db/entities/index.ts';
import { linkedAccounts } from '../db/queries/account-links.ts';
import { inTransaction, reader } from '../db/transaction.ts';
import { recordAccess } from './auth/credentials.ts';
import { revokeSession } from './auth/sessions.ts';
import { createSignIn, type SignIn } from './auth/sign-in.ts';
import { hashToken } from './auth/tokens.ts';
import type { PatronCaller } from './caller.ts';
import type { ApiDeps } from './deps.ts';
import { problem } from './problem.ts';

type Proof = Pick<SignIn, 'library' | 'name' | 'password' | 'network' | 'now'>;

const pairOf = (one: string, other: string) =>
  one < other ? { patronId: one, otherId: other } : { patronId: other, otherId: one };

/** Accounts of one person at several libraries (I2). */
export function createAccountLinks(deps: Pick<ApiDeps, 'orm' | 'policies' | 'logger'>) {
  const signIn = createSignIn(deps);

  return {
    /**
     * Links the account that the password proves: it is signed in to, which counts and locks like any sign-in, and out of again. Throws `account-link-own` for an account of
     * the same library, and what a sign-in throws.
     */
    async link(caller: PatronCaller, proof: Proof): Promise<void> {
      if (proof.library === caller.library) throw problem('account-link-own');
      const opened = await signIn({ ...proof, kind: 'patron', transport: 'bearer', replaces: undefined });
      if ('challenge' in opened) throw new Error('A reader has no second factor.');
      const { holderId, token, scope } = opened;
      const { now, library } = proof;
      await inTransaction(deps.orm, async (tx) => {
        await revokeSession(tx, hashToken(token), now);
        if (scope !== 'full') return;
        await tx.upsert(AccountLink, { ...pairOf(caller.id, holderId), linkedAt: new Date(now) });
        recordAccess(tx, caller, 'account-linked', caller.actor, now);
        recordAccess(tx, { id: holderId, library }, 'account-linked', `patron:${holderId}`, now);
      });
      if (scope !== 'full') throw problem('new-password-required');
    },

    /** Ends a link. Throws `account-link-unknown`. */
    async unlink(caller: PatronCaller, other: string, now: number): Promise<void> {
      const linked = (await linkedAccounts(deps.orm, caller.id)).find(({ patronId }) => patronId === other);
      if (!linked) throw problem('account-link-unknown');
      const { library } = linked;
      await inTransaction(deps.orm, async (tx) => {
        await tx.nativeDelete(AccountLink, pairOf(caller.id, other));
        recordAccess(tx, caller, 'account-unlinked', caller.actor, now);
        recordAccess(tx, { id: other, library }, 'account-unlinked', caller.actor, now);
      });
    },

    list: (patronId: string) => linkedAccounts(deps.orm, patronId),

    /** The card number of the session's own account. */
    async cardOf(patronId: string): Promise<string> {
      const { card } = await reader(deps.orm).findOneOrFail(Patron, { id: patronId });
      return card;
    },
  };
}
