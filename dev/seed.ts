import { fileURLToPath, pathToFileURL } from 'node:url';
import type { MikroORM } from '@mikro-orm/postgresql';
import { v7 as uuid } from 'uuid';
import { hashPassword } from '../api/auth/passwords.ts';
import { loadPolicies } from '../config/policies.ts';
import { Credential, IllHolding, Patron, StaffMember } from '../db/entities/index.ts';
import { openOrm } from '../db/orm.ts';
import { inTransaction, reader } from '../db/transaction.ts';
import type { LibraryPolicy } from '../domain/policy.ts';
import type { RecordFormat } from '../import/arguments.ts';
import { importFile } from '../import/import-file.ts';
import { readerPassword, remarks, staff } from './demo-library/sign-ins.ts';
import { readers as neighbourReaders, staff as neighbourStaff } from './neighbour-library/sign-ins.ts';

const library = 'demo';
const neighbour = 'neighbour';
const centre = 'coast';

const files: readonly (readonly [RecordFormat, string])[] = [
  ['marcxml', 'titles.xml'],
  ['items', 'items.csv'],
  ['readers', 'readers.csv'],
];

/** Who may ask for what other libraries have from the beginning; others are granted it. */
const illReaders = ['01000001', '01000005', '01000007', '50000001'];

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
  /** Staff of the library next door. */
  readonly neighbour?: {
    readonly library: string;
    readonly staff: SignIns['staff'];
    readonly readers: readonly { card: string; password: string; name: string }[];
  };
}

export interface Seeding {
  readonly orm: MikroORM;
  readonly policy: LibraryPolicy;
  readonly now: Date;
  readonly say: (line: string) => void;
}

async function importOne(
  { orm, policy, now, say }: Seeding,
  format: RecordFormat,
  name: string,
  peer?: string,
): Promise<void> {
  const file = fileURLToPath(new URL(name, import.meta.url));
  const whose = peer === undefined ? {} : { peer };
  const { read, rejected } = await importFile({ orm, policy, format, file, now, ...whose });
  if (rejected > 0) throw new Error(`${rejected} records of ${name} were rejected.`);
  say(`${name}: ${read} records`);
}

async function importFiles(seeding: Seeding, folder: string): Promise<void> {
  for (const [format, name] of files) await importOne(seeding, format, `${folder}/${name}`);
}

async function setReaderPasswords({ orm, policy, now }: Seeding): Promise<void> {
  const patrons = await reader(orm).find(Patron, { library: policy.code });
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
async function addStaff({ orm, policy, now }: Seeding, given: typeof staff): Promise<void> {
  const members = await Promise.all(
    given.map(async ({ password, roles, ...member }) => ({
      ...member,
      id: uuid(),
      library: policy.code,
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

const isFilled = async ({ orm, policy }: Seeding): Promise<boolean> =>
  (await reader(orm).count(StaffMember, { library: policy.code })) > 0;

/** Fills the demonstration library once: what people do in it afterwards stays, however often this runs. */
export async function seed(seeding: Seeding): Promise<SignIns> {
  if (!(await isFilled(seeding))) {
    await importFiles(seeding, 'demo-library');
    await setReaderPasswords(seeding);
    await addStaff(seeding, staff);
  }
  return signIns(seeding.orm);
}

/** Fills the library next door once, and tells the demonstration library what it has. */
export async function seedNeighbour(seeding: Seeding, demo: LibraryPolicy): Promise<void> {
  if (await isFilled(seeding)) return;
  await importFiles(seeding, 'neighbour-library');
  await setReaderPasswords(seeding);
  await importOne({ ...seeding, policy: demo }, 'holdings-marcxml', 'neighbour-library/titles.xml');
  await inTransaction(seeding.orm, (tx) =>
    tx.nativeUpdate(
      Patron,
      { library: { $in: [library, neighbour] }, card: { $in: illReaders } },
      { permissions: ['ill'] },
    ),
  );
  await addStaff(seeding, neighbourStaff);
}

/** Tells the centre of the library next door what the demonstration library has, once. */
export async function seedCentre(seeding: Seeding): Promise<void> {
  if ((await reader(seeding.orm).count(IllHolding, { library: seeding.policy.code })) > 0) return;
  await importOne(seeding, 'holdings-marcxml', 'demo-library/titles.xml', library);
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

async function main(databaseUrl: string): Promise<void> {
  const orm = await openOrm({ databaseUrl, poolSize: 2 });
  try {
    const policies = loadPolicies(fileURLToPath(new URL('../policies', import.meta.url)));
    const demo = policies.get(library);
    const common = { orm, now: new Date(), say: print };
    const told = await seed({ ...common, policy: demo });
    await seedNeighbour({ ...common, policy: policies.get(neighbour) }, demo);
    await seedCentre({ ...common, policy: policies.get(centre) });
    const nextDoor = { library: neighbour, staff: neighbourStaff, readers: neighbourReaders };
    print(JSON.stringify({ ...told, neighbour: nextDoor }));
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
