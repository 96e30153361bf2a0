import { v7 as uuid } from 'uuid';
import type { Stage } from './stage.ts';

type Sql = Stage['sql'];

export interface Copy {
  readonly titleId: string;
  readonly itemId: string;
  readonly barcode: string;
}

/** Readers put into the database directly; ids in order. */
export async function makePatrons(sql: Sql, count: number): Promise<string[]> {
  const ids = Array.from({ length: count }, () => uuid());
  await sql(
    `insert into patron (id, library, card, name, email, email_state, phone, language, user_group, created_at)
     select id, 'bench', id::text, 'Reader', id || '@bench.example', 'confirmed', '030', 'en', 'adult', now() from unnest(?::uuid[]) as id`,
    [`{${ids.join(',')}}`],
  );
  return ids;
}

/** A charge for each of the readers, booked as the audit wants it; ids in their order. */
export async function makeCharges(
  sql: Sql,
  patrons: readonly string[],
  amountMinor: number,
): Promise<string[]> {
  const charges = patrons.map(() => uuid());
  const given = [patrons, patrons.map(() => uuid()), charges].map((ids) => `{${ids.join(',')}}`);
  const row = `unnest(?::uuid[], ?::uuid[], ?::uuid[]) as row(patron, journal, charge)`;
  await sql(
    `insert into journal (id, library, operation, kind, patron_id, at, actor)
     select journal, 'bench', 'charge:other:' || charge, 'charge-other', patron, now(), 'system' from ${row}`,
    given,
  );
  await sql(
    `insert into posting (id, journal_id, account, amount, currency)
     select gen_random_uuid(), journal, line.account, line.amount, 'EUR' from ${row},
       lateral (values ('receivable:' || patron, ${amountMinor}), ('income:other', -${amountMinor})) line (account, amount)`,
    given,
  );
  await sql(
    `insert into charge (id, library, patron_id, journal_id, cause, subject_type, subject_id, amount, remaining, currency, raised_at)
     select charge, 'bench', patron, journal, 'other', 'desk', charge, ${amountMinor}, ${amountMinor}, 'EUR', now() from ${row}`,
    given,
  );
  return charges;
}

/** Titles with one copy each, on the shelf or away. */
export async function makeCopies(sql: Sql, count: number, state: 'available' | 'on-loan'): Promise<Copy[]> {
  const copies = Array.from({ length: count }, () => {
    const itemId = uuid();
    return { titleId: uuid(), itemId, barcode: itemId };
  });
  const list = (key: keyof Copy) => `{${copies.map((copy) => copy[key]).join(',')}}`;
  await sql(
    `insert into title (id, library, control_number, kind, title, search_text, created_at)
     select id, 'bench', id::text, 'book', 'A title', 'a title', now() from unnest(?::uuid[]) as id`,
    [list('titleId')],
  );
  await sql(
    `insert into item (id, library, title_id, barcode, branch, state, state_since, at_branch, created_at)
     select id, 'bench', title, id::text, 'main', ?, now(), 'main', now() from unnest(?::uuid[], ?::uuid[]) as row(id, title)`,
    [state, list('itemId'), list('titleId')],
  );
  return copies;
}

export async function makeStaff(sql: Sql, role = 'desk'): Promise<string> {
  const id = uuid();
  await sql(
    `insert into staff_member (id, library, login, name, roles, password_hash, created_at) values (?, 'bench', ?, 'Desk', ?, '-', now())`,
    [id, id, `{${role}}`],
  );
  return id;
}
