import { randomInt } from 'node:crypto';
import { v7 as uuid } from 'uuid';
import { BankEntry, Payment, PaymentLine } from '../../db/entities/index.ts';
import { newReference } from '../../domain/payment-reference.ts';
import { raiseCharge } from '../../activities/charges/money.ts';
import { inTransaction } from '../../db/transaction.ts';
import type { ActivityBench } from './activities.ts';

export const account = 'main';

type Given<T> = { [K in keyof T]?: T[K] | undefined };

/** A bank account with a statement; charges, payments that wait for a transfer, and entries of the statement, for what a test does not care about with sensible values. */
export async function createBank(bench: ActivityBench, now: number) {
  const { orm, build, perform, rows } = bench;
  const { library } = build;
  const at = new Date(now);
  const currency = bench.policy.currency;
  const [file, statementId] = [uuid(), uuid()];
  await rows(`insert into bank_account (library, code, currency, created_at) values (?, ?, ?, ?)`, [
    library,
    account,
    currency,
    at,
  ]);
  await rows(
    `insert into statement_file (id, library, name, format, hash, size, actor, state, received_at, settled_at)
     values (?, ?, 'test.xml', 'camt', ?, 1, 'system', 'imported', ?, ?)`,
    [file, library, file, at, at],
  );
  await rows(
    `insert into bank_statement (id, library, account, file_id, position, identity, format, from_on, to_on, currency, joins, imported_at)
     values (?, ?, ?, ?, 0, ?, 'camt', '2026-01-01', '2026-12-31', ?, 'unknown', ?)`,
    [statementId, library, account, file, statementId, currency, at],
  );

  /** Raises a charge of a reader; answers its id. */
  const charge = async (patronId: string, amountMinor: number, waits?: string): Promise<string> => {
    const subject = { type: 'loan', id: uuid(), library, patronId };
    const id = await inTransaction(orm, (tx) =>
      raiseCharge(tx, bench.policy, subject, {
        cause: 'overdue',
        amountMinor,
        at,
        actor: 'system',
        ...(waits !== undefined && { waits }),
      }),
    );
    return id ?? '';
  };

  /** A payment by bank transfer for charges, or for the balance where none are given. */
  const payment = async (
    patronId: string,
    chargeIds: readonly string[],
    given: Given<Payment> = {},
  ): Promise<Payment> => {
    const tx = orm.em.fork();
    const charges = await tx.execute<{ id: string; remaining: string }[]>(
      'select id, remaining::text as remaining from charge where id = any(?::uuid[])',
      [`{${chargeIds.join(',')}}`],
    );
    const due = charges.reduce((sum, { remaining }) => sum + BigInt(remaining), 0n);
    const row = tx.create(Payment, {
      id: uuid(),
      library,
      patronId,
      means: 'bank',
      state: 'open',
      amount: due + (given.prepaid ?? 0n),
      prepaid: 0n,
      received: 0n,
      currency,
      reference: newReference(randomInt),
      actor: `patron:${patronId}`,
      begunAt: at,
      expiresAt: new Date(now + 30 * 86_400_000),
      ...given,
    } as Payment);
    await tx.flush();
    const open = row.endedAt == null;
    charges.forEach(({ id, remaining }, position) =>
      tx.create(PaymentLine, { paymentId: row.id, chargeId: id, position, amount: BigInt(remaining), open }),
    );
    await tx.flush();
    return row;
  };

  let told = 0;
  /** An entry that nobody has looked at; without a text unless given. */
  const entry = async (amountMinor: number, given: Given<BankEntry> = {}): Promise<string> => {
    const tx = orm.em.fork();
    const id = uuid();
    tx.create(BankEntry, {
      id,
      library,
      account,
      statementId,
      key: id,
      bookedOn: new Date(now).toISOString().slice(0, 10),
      amount: BigInt(amountMinor),
      currency,
      charges: 0n,
      remittance: '',
      kind: 'booking',
      state: 'new',
      ...given,
    } as BankEntry);
    await tx.flush();
    const position = (told += 1);
    const result = JSON.stringify({ statements: [{ added: position }], mistakes: [] });
    await rows(
      `update statement_file set result = ?::jsonb where id = ? and coalesce((result->'statements'->0->>'added')::int, 0) < ?`,
      [result, file, position],
    );
    const place = [statementId, id, position];
    await rows('insert into bank_statement_entry (statement_id, entry_id, position) values (?, ?, ?)', place);
    return id;
  };

  const step = (actor = 'staff:00000000-0000-7000-8000-000000000001') =>
    ({ operation: `command:${uuid()}`, now, actor: actor as `staff:${string}` }) as const;

  return {
    charge,
    payment,
    entry,
    step,
    library,
    match: (again = false, limit = 1000) =>
      perform((does) => does.matchEntries({ library, limit, again, now })),
    /** What became of an entry. */
    became: async (id: string) => {
      const [row] = await rows<{ state: string; outcome: string | null }>(
        'select state, outcome from bank_entry where id = ?',
        [id],
      );
      return row;
    },
    remaining: async (chargeId: string): Promise<number> => {
      const [row] = await rows<{ remaining: number }>(
        'select remaining::float8 as remaining from charge where id = ?',
        [chargeId],
      );
      return row?.remaining ?? Number.NaN;
    },
    /** The balance of an account of the ledger in minor units: debit positive. */
    balance: async (name: string): Promise<number> => {
      const [row] = await rows<{ sum: number }>(
        'select coalesce(sum(amount), 0)::float8 as sum from posting where account = ?',
        [name],
      );
      return row?.sum ?? 0;
    },
    notices: async (subjectId: string): Promise<string[]> => {
      const found = await rows<{ kind: string }>(
        'select kind from notice where subject_id = ? order by created_at, kind',
        [subjectId],
      );
      return found.map(({ kind }) => kind);
    },
    tasks: async (subjectId: string): Promise<string[]> => {
      const found = await rows<{ kind: string }>(
        'select kind from task where subject_id = ? and resolved_at is null',
        [subjectId],
      );
      return found.map(({ kind }) => kind);
    },
    suggestions: (entryId: string) =>
      rows<{ id: string; parts: { to: string; [key: string]: unknown }[]; score: number; reasons: string[] }>(
        'select id, parts, score, reasons from entry_suggestion where entry_id = ? order by rank',
        [entryId],
      ),
  };
}

export type Bank = Awaited<ReturnType<typeof createBank>>;
