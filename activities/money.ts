import { v7 as uuid } from 'uuid';
import { Charge, Journal, Posting } from '../db/entities/index.ts';
import type { Tx } from '../db/transaction.ts';
import type { Actor } from '../domain/roles.ts';
import type { Subject } from './record.ts';

export interface ChargeRequest {
  /** With the subject it makes the charge unique: `overdue` is raised once a loan. */
  readonly cause: 'overdue';
  /** Minor units of `currency`; more than zero. */
  readonly amountMinor: number;
  readonly currency: string;
  readonly at: Date;
  readonly actor: Actor;
}

/** Books what a reader owes (L5, F6): receivable against income, and the open item; once for its cause. The reader's row is locked. */
export async function raiseCharge(
  tx: Tx,
  subject: Subject & { patronId: string },
  request: ChargeRequest,
): Promise<void> {
  const { cause, currency, at, actor } = request;
  const operation = `charge:${cause}:${subject.id}`;
  if (await tx.findOne(Journal, { operation })) return;
  const { library, patronId } = subject;
  const amount = BigInt(request.amountMinor);
  const journal = { id: uuid(), library, operation, kind: `charge-${cause}`, patronId, at, actor };
  tx.create(Journal, journal);
  await tx.flush();
  tx.create(Posting, {
    id: uuid(),
    journalId: journal.id,
    account: `receivable:${patronId}`,
    amount,
    currency,
  });
  tx.create(Posting, {
    id: uuid(),
    journalId: journal.id,
    account: `income:${cause}`,
    amount: -amount,
    currency,
  });
  tx.create(Charge, {
    id: uuid(),
    library,
    patronId,
    journalId: journal.id,
    cause,
    subjectType: subject.type,
    subjectId: subject.id,
    amount,
    remaining: amount,
    currency,
    raisedAt: at,
  });
}
