import { EmailConfirmation, type Notice, Patron } from '../../db/entities/index.ts';
import { present } from '../../db/locks.ts';
import type { Tx } from '../../db/transaction.ts';
import type { Language } from '../../domain/languages.ts';

/** Somebody who hears from the library without being one of its readers: an applicant, or a member of staff. */
export interface Outsider {
  readonly audience: 'applicant' | 'staff';
  readonly address: string;
  /** By which the mail greets them. */
  readonly name: string;
  readonly language: Language;
}

/** Whom a notice goes to, as of now. */
export interface Recipient {
  readonly name: string;
  /** Null: there is none, so it can only be shown in the account. */
  readonly address: string | null;
  /** The reader; absent for outsiders. */
  readonly patron?: Patron;
}

/** Mails about an address go to that address, whatever stands in the reader's row (A11). */
const addressKinds: readonly string[] = ['confirm-email', 'email-changed', 'test-mail'];

export function isAboutAddress(kind: string): boolean {
  return addressKinds.includes(kind);
}

/**
 * Finds whom a notice goes to. A reader's address is read anew at every attempt, so that a mail that waited goes to the address of today – and to none that has
 * turned out to fail meanwhile.
 */
export async function recipientOf(tx: Tx, notice: Notice): Promise<Recipient> {
  if (!notice.patronId)
    return { name: notice.addressee ?? '', address: present(notice.address, 'address of an outsider') };
  const patron = await tx.findOneOrFail(Patron, { id: notice.patronId });
  return { name: patron.name, address: await addressFor(tx, notice, patron), patron };
}

async function addressFor(tx: Tx, { kind, content }: Notice, patron: Patron): Promise<string | null> {
  if (!isAboutAddress(kind)) return patron.emailState === 'confirmed' ? (patron.email ?? null) : null;
  if (kind === 'test-mail') return patron.email ?? null;
  const asked = await tx.findOneOrFail(EmailConfirmation, { id: String(content.confirmationId) });
  return kind === 'confirm-email' ? asked.address : (asked.replaces ?? null);
}
