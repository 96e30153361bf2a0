import type { Notice } from '../../db/entities/index.ts';
import type { Tx } from '../../db/transaction.ts';
import { findPlace } from '../../domain/calendar.ts';
import type { DifferenceKind } from '../../domain/differences.ts';
import type { Language } from '../../domain/languages.ts';
import type { LibraryPolicy } from '../../domain/policy.ts';
import { accountName, type NameWords } from '../../notices/account-names.ts';
import type { NoticeContent } from '../../notices/content.ts';
import type { Texts } from '../../notices/texts.ts';
import type { ActivityDeps } from '../deps.ts';
import { queueNotice } from '../notices/queue-notice.ts';
import type { Kept } from './report.ts';

/** A mail that is a page long is not read; the report has them all. */
const named = 30;

/** Queues the mail to the cashier's office about a day on which something differs (P9), once a day; answers it to be delivered, again while it waits: whoever queued it may have died. */
export async function tellCashier(tx: Tx, policy: LibraryPolicy, report: Kept, at: Date): Promise<string[]> {
  const { mailTo } = policy.money.reconciliation;
  if (mailTo === undefined || report.state !== 'differs') return [];
  const { name, language } = policy;
  const to = { audience: 'staff', address: mailTo, name: name[language], language } as const;
  const subject = { type: 'reconciliation', id: report.id, library: report.library, patronId: null } as const;
  const notice = await queueNotice(tx, policy, to, subject, {
    kind: 'reconciliation-differs',
    cause: 'differs',
    at,
    content: {},
  });
  if (notice !== undefined) return [notice];
  const waiting = await tx.execute<{ id: string }[]>(
    `select id from notice where kind = 'reconciliation-differs' and subject_id = ? and state = 'queued'`,
    [report.id],
  );
  return waiting.map(({ id }) => id);
}

/** The day's differences as they are when the mail is written; those that were solved meanwhile are not told. */
export async function reconciliationContent(
  { texts }: Pick<ActivityDeps, 'texts'>,
  tx: Tx,
  policy: LibraryPolicy,
  { subjectId: id, language }: Pick<Notice, 'subjectId' | 'language'>,
): Promise<NoticeContent> {
  const [head] = await tx.execute<{ day: string; library: string }[]>(
    `select to_char(day, 'YYYY-MM-DD') as day, library from reconciliation where id = ?`,
    [id],
  );
  if (!head) throw new Error(`There is no report ${id}.`);
  const rows = await tx.execute<
    { kind: DifferenceKind; account: string; amount: string; currency: string }[]
  >(
    `select kind, account, line.amount::text as amount, currency from reconciliation_line line join difference on difference.id = difference_id
     where reconciliation_id = ? and solved_at is null and acknowledged_at is null order by abs(line.amount) desc, since, key`,
    [id],
  );
  const words = namesOf(texts, policy, language);
  const lines = rows.slice(0, named).map(({ kind, account, amount, currency }) => ({
    kind,
    account: accountName(words, account),
    amount: { amountMinor: Number(amount), currency },
  }));
  return {
    kind: 'reconciliation-differs',
    data: { day: head.day, lines, others: rows.length - lines.length },
  };
}

function namesOf(texts: Texts, policy: LibraryPolicy, language: Language): NameWords {
  const { timeZone } = policy;
  return {
    policy,
    language,
    text: (key) => texts.t(language, key),
    say: (key, data) => texts.t(language, key, { timeZone, ...data }),
    place: (code) => ({ name: findPlace(policy, code)?.name[language] ?? code }),
  };
}
