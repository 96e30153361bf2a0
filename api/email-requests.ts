import { Temporal } from 'temporal-polyfill';
import { inTransaction, type Tx } from '../db/transaction.ts';
import type { Actor } from '../domain/roles.ts';
import type { Limit } from './auth/lock-out.ts';
import { locked } from './auth/locked.ts';
import { createThrottle } from './auth/throttle.ts';
import type { ApiDeps } from './deps.ts';
import type { Key } from './route.ts';

/** Mails about a reader's address that may be asked for, so that nobody's mailbox is flooded through the library. */
const mailLimit: Limit = { failures: 5, lockMs: 3_600_000, grows: false };

export interface Asked {
  readonly library: string;
  readonly patronId: string;
  readonly actor: Actor;
  readonly key: Key;
  readonly now: number;
}

/** Requests around a reader's e-mail address that readers and staff make alike (A11). All throw `too-many-attempts` beyond five an hour. */
export function createEmailRequests({ orm, policies, commands }: ApiDeps) {
  const throttle = createThrottle(orm);

  const admit = async (counter: string, { library, key, now }: Asked) => {
    if (key.repeated) return;
    const attempt = await throttle.attempt(counter, mailLimit, now);
    if (!attempt.admitted) throw locked(policies.get(library), attempt.lockedUntil ?? now, now);
  };

  return {
    /** Keeps the address that was given and has the confirmation mail sent; `also` is written in the same transaction. */
    confirmation: async (asked: Asked, address: string, also?: (tx: Tx) => Promise<void>) => {
      const { library, patronId, actor, key } = asked;
      await admit(`email:${patronId}`, asked);
      const expiresAt = linkExpiry(policies.get(library).mail.confirmWithin, asked.now);
      await inTransaction(orm, async (tx) => {
        await tx.execute(
          `insert into email_confirmation (id, library, subject_type, subject_id, address, purpose, requested_by, created_at, expires_at)
           select ?, ?, 'patron', id, ?, case when email = ? then 'again' else 'set' end, ?, ?, ? from patron where id = ?
           on conflict (id) do nothing`,
          [key.id, library, address, address, actor, new Date(asked.now), new Date(expiresAt), patronId],
        );
        await also?.(tx);
      });
      return commands.run('askEmail', { confirmationId: key.id, actor }, key.id, { library, patronId });
    },
    testMail: async (asked: Asked) => {
      const { library, patronId, actor, key } = asked;
      await admit(`test-mail:${patronId}`, asked);
      return commands.run('sendTestMail', { patronId, actor }, key.id, { library, patronId });
    },
  };
}

function linkExpiry(confirmWithin: string, now: number): number {
  return now + Temporal.Duration.from(confirmWithin).total('milliseconds');
}
