import type { Mail } from '../../dev/mail-store.ts';

/** A notice by mail, as its row tells it. */
export interface NoticeRow {
  readonly id: string;
  readonly state: string;
  readonly attempts: number;
  readonly failures: number;
}

export interface MailVerdict {
  readonly sent: number;
  readonly arrivedOnce: number;
  /** Went out while the library was withdrawing it, because the reader had come meanwhile. */
  readonly overtaken: number;
  /** More than one copy: a worker died, or the server's answer was lost, after the mail was taken. */
  readonly twice: { readonly afterKill: number; readonly afterLostAnswer: number };
  /** What must not be: a sent notice without a mail, a mail without a notice, more copies than attempts. */
  readonly wrong: readonly string[];
}

/** Compares what the rows say was sent with what the mail server has. Message ids are made of the notices' ids. */
export function judgeMails(notices: readonly NoticeRow[], mails: readonly Mail[]): MailVerdict {
  const copies = new Map<string, number>();
  for (const { messageId } of mails) {
    const id = messageId.replace(/^<|@.*$/g, '');
    copies.set(id, (copies.get(id) ?? 0) + 1);
  }
  const known = new Set(notices.map(({ id }) => id));
  const wrong = [...copies.keys()].filter((id) => !known.has(id)).map((id) => `mail ${id} has no notice`);
  const copiesOf = ({ id }: NoticeRow) => copies.get(id) ?? 0;
  const sent = notices.filter(({ state }) => state === 'sent');
  for (const notice of sent)
    if (copiesOf(notice) === 0) wrong.push(`notice ${notice.id} counts as sent and never arrived`);
  for (const notice of notices)
    if (copiesOf(notice) > notice.attempts)
      wrong.push(`notice ${notice.id}: ${copiesOf(notice)} copies in ${notice.attempts} attempts`);
  const twice = notices.filter((notice) => copiesOf(notice) > 1);
  const afterKill = twice.filter(({ attempts, failures }) => attempts > failures + 1).length;
  return {
    sent: sent.length,
    arrivedOnce: sent.filter((notice) => copiesOf(notice) === 1).length,
    overtaken: notices.filter((notice) => notice.state === 'withdrawn' && copiesOf(notice) > 0).length,
    twice: { afterKill, afterLostAnswer: twice.length - afterKill },
    wrong,
  };
}
