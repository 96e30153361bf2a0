import { readFile, stat } from 'node:fs/promises';
import { parse } from 'csv-parse/sync';
import type { Logger } from 'pino';
import { parse as parseYaml } from 'yaml';
import { z } from 'zod';
import type { MembersProvider } from '../../domain/policy-identity.ts';
import { verifyPassword } from '../auth/passwords.ts';
import { problem } from '../problem.ts';
import { personOf } from './person.ts';
import type { IdentityService } from './service.ts';

/** Spreadsheets write empty cells, and lists leave keys out. */
const optional = z
  .string()
  .nullish()
  .transform((text) => text?.trim() || null);

const member = z.strictObject({
  number: z.coerce.string().trim().min(1).max(64),
  name: optional,
  email: optional,
  /** As `node api/identity/hash.ts` makes it. */
  secret: z.string().regex(/^\$argon2id\$v=19\$m=\d{4,6},t=\d{1,2},p=\d\$/, 'is not an argon2id hash'),
});

type Member = z.output<typeof member>;

/** Numbers are compared as they are read, not as they are typed. */
const plain = (number: string) => number.normalize('NFKC').trim().toLowerCase();

function rowsOf(file: string, text: string): unknown {
  return file.endsWith('.csv')
    ? parse(text, { bom: true, columns: true, skip_empty_lines: true, trim: true })
    : parseYaml(text);
}

/** Reads a list. Throws when it cannot be understood, or has a number twice; the message names the row and never what is in it. */
export function readMembers(file: string, text: string): ReadonlyMap<string, Member> {
  const parsed = z.array(member).safeParse(rowsOf(file, text));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const path = issue?.path.map(String).join('.') ?? '';
    throw new Error(`Member ${path || 'list'}: ${issue?.message ?? 'not understood'}`);
  }
  const list = new Map(parsed.data.map((each) => [plain(each.number), each]));
  if (list.size < parsed.data.length) throw new Error('A number is stated twice.');
  return list;
}

interface Read {
  readonly version: string;
  readonly list: ReadonlyMap<string, Member>;
}

/** The list as it stands in the file. One that has become unreadable leaves the list as it was; one that never was readable is an outage. */
function watched(path: string, logger: Pick<Logger, 'error'>) {
  let last: Read | undefined;
  return async (): Promise<Read['list'] | undefined> => {
    try {
      const { mtimeMs, size, ino } = await stat(path);
      const version = `${mtimeMs}:${size}:${ino}`;
      if (last?.version !== version)
        last = { version, list: readMembers(path, await readFile(path, 'utf8')) };
    } catch (error) {
      const message = error instanceof Error ? error.message : 'unreadable';
      logger.error({ problem: message }, 'a list of members cannot be read');
    }
    return last?.list;
  };
}

export interface MembersOptions {
  readonly provider: MembersProvider;
  readonly path: string;
  readonly logger: Pick<Logger, 'error'>;
}

/**
 * A list of members with argon2id hashes, for libraries without an identity provider (A1); read again when it changes. An unknown number takes as long as a wrong
 * secret. Whoever calls it counts the attempts.
 */
export function createMembersService({ provider, path, logger }: MembersOptions): IdentityService {
  const members = watched(path, logger);
  return {
    begin: async () => {
      if ((await members()) === undefined) throw problem('identity-unavailable');
      return undefined;
    },
    complete: async (_flow, given) => {
      if (!('number' in given)) throw problem('identity-failed');
      const list = await members();
      if (list === undefined) throw problem('identity-unavailable');
      const found = list.get(plain(given.number));
      const matches = await verifyPassword(found?.secret, given.password);
      const stated = found && { ...found, subject: found.number, emailVerified: true };
      const person = stated && personOf(provider, stated);
      if (!matches || person === undefined) throw problem('identity-failed');
      return person;
    },
  };
}
