import { v7 as uuid } from 'uuid';
import { Event } from '../db/entities/index.ts';
import type { Tx } from '../db/transaction.ts';
import type { Actor } from '../domain/roles.ts';

/** What an event, a notice or a task is about. */
export interface Subject {
  readonly type:
    | 'hold'
    | 'loan'
    | 'item'
    | 'patron'
    | 'closure'
    | 'application'
    | 'payment'
    | 'charge'
    | 'bank-entry'
    | 'bank-statement'
    | 'difference'
    | 'reconciliation'
    | 'ill'
    | 'supply'
    | 'peer'
    | 'ill-settlement';
  readonly id: string;
  readonly library: string;
  readonly patronId: string | null;
}

export interface Happening {
  readonly kind: string;
  readonly actor: Actor;
  readonly at: Date;
  /** Ids, codes, instants and numbers: before and after, reasons. No personal data. */
  readonly detail?: Record<string, unknown>;
}

/** Writes what happened into the story of its subject, in the transaction that makes it happen. */
export function record(tx: Tx, subject: Subject, happening: Happening): void {
  tx.create(Event, {
    id: uuid(),
    library: subject.library,
    subjectType: subject.type,
    subjectId: subject.id,
    patronId: subject.patronId,
    kind: happening.kind,
    actor: happening.actor,
    at: happening.at,
    detail: happening.detail ?? {},
  });
}

export function holdSubject(hold: { id: string; library: string; patronId: string }): Subject {
  return { type: 'hold', id: hold.id, library: hold.library, patronId: hold.patronId };
}

export function loanSubject(loan: { id: string; library: string; patronId: string }): Subject {
  return { type: 'loan', id: loan.id, library: loan.library, patronId: loan.patronId };
}

export function itemSubject(item: { id: string; library: string }): Subject {
  return { type: 'item', id: item.id, library: item.library, patronId: null };
}

export function applicationSubject(application: {
  id: string;
  library: string;
  patronId?: string | null | undefined;
}): Subject {
  const { id, library, patronId } = application;
  return { type: 'application', id, library, patronId: patronId ?? null };
}

export function patronSubject({ id, library }: { id: string; library: string }): Subject {
  return { type: 'patron', id, library, patronId: id };
}

export function paymentSubject(payment: { id: string; library: string; patronId: string }): Subject {
  return { type: 'payment', id: payment.id, library: payment.library, patronId: payment.patronId };
}

export function chargeSubject({
  id,
  library,
  patronId,
}: {
  id: string;
  library: string;
  patronId: string;
}): Subject {
  return { type: 'charge', id, library, patronId };
}
