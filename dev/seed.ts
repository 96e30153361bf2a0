import { fileURLToPath, pathToFileURL } from 'node:url';
import type { MikroORM } from '@mikro-orm/postgresql';
import { v7 as uuid } from 'uuid';
import { hashPassword } from '../api/auth/passwords.ts';
import { loadPolicies } from '../config/policies.ts';
import { Credential, Patron, StaffMember } from '../db/entities/index.ts';
import { openOrm } from '../db/orm.ts';
import { inTransaction, reader } from '../db/transaction.ts';
import type { LibraryPolicy } from '../domain/policy.ts';
import type { RecordFormat } from '../import/arguments.ts';
import { importFile } from '../import/import-file.ts';
import { readerPassword, remarks, staff } from './demo-library/sign-ins.ts';

const library = 'demo';

const files: readonly (readonly [RecordFormat, string])[] = [
  ['marcxml', 'titles.xml'],
  ['items', 'items.csv'],
  ['readers', 'readers.csv'],
];

export interface SignIns {
  readonly library: string;
  readonly readers: readonly {
    card: string;
    password: string;
    name: string;
    language: string;
    remark?: string;
  }[];
  readonly staff: readonly { login: string; password: string; name: string; roles: readonly string[] }[];
}

export interface Seeding {
  readonly orm: MikroORM;
  readonly policy: LibraryPolicy;
  readonly now: Date;
  readonly say: (line: string) => void;
}

async function importFiles({ orm, policy, now, say }: Seeding): Promise<void> {
  for (const [format, name] of files) {
    const file = fileURLToPath(new URL(`demo-library/${name}`, import.meta.url));
    const { read, rejected } = await importFile({ orm, policy, format, file, now });
    if (rejected > 0) throw new Error(`${rejected} records of ${name} were rejected.`);
    say(`${name}: ${read} records`);
  }
}

async function setReaderPasswords({ orm, now }: Seeding): Promise<void> {
  const patrons = await reader(orm).find(Patron, { library });
  const credentials = await Promise.all(
    patrons.map(async ({ id }) => ({
      patronId: id,
      passwordHash: await hashPassword(readerPassword),
      changedAt: now,
    })),
  );
  await inTransaction(orm, (tx) => tx.upsertMany(Credential, credentials, { onConflictAction: 'ignore' }));
}

/** The last step: that its rows are there tells that all the others have been done. */
async function addStaff({ orm, now }: Seeding): Promise<void> {
  const members = await Promise.all(
    staff.map(async ({ password, roles, ...member }) => ({
      ...member,
      id: uuid(),
      library,
      roles: [...roles],
      passwordHash: await hashPassword(password),
      active: true,
      createdAt: now,
    })),
  );
  await inTransaction(orm, async (tx) => {
    for (const member of members) tx.create(StaffMember, member);
  });
}

/** Of the library's own readers: who has registered since has a card that begins otherwise, and a password of their own. */
async function signIns(orm: MikroORM): Promise<SignIns> {
  const own = { library, closedAt: null, card: { $like: '01%' } };
  const patrons = await reader(orm).find(Patron, own, { orderBy: { card: 'asc' } });
  return {
    library,
    readers: patrons.map(({ card, name, language }) => {
      const remark = remarks[card];
      return { card, password: readerPassword, name, language, ...(remark !== undefined && { remark }) };
    }),
    staff: staff.map(({ login, password, name, roles }) => ({ login, password, name, roles })),
  };
}

/** Fills the demonstration library once: what people do in it afterwards stays, however often this runs. */
export async function seed(seeding: Seeding): Promise<SignIns> {
  const done = await reader(seeding.orm).count(StaffMember, { library });
  if (done === 0) {
    await importFiles(seeding);
    await setReaderPasswords(seeding);
    await addStaff(seeding);
  }
  return signIns(seeding.orm);
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

async function main(databaseUrl: string): Promise<void> {
  const orm = await openOrm({ databaseUrl, poolSize: 2 });
  try {
    const policy = loadPolicies(fileURLToPath(new URL('../policies', import.meta.url))).get(library);
    print(JSON.stringify(await seed({ orm, policy, now: new Date(), say: print })));
  } finally {
    await orm.close(true);
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const url = process.env.DATABASE_URL;
  if (!url) {
    process.stderr.write('Set DATABASE_URL to the database to fill.\n');
    process.exit(2);
  }
  await main(url);
}
