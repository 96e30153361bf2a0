import { createGateways } from '../../activities/gateways/index.ts';
import { createMailGateway } from '../../activities/gateways/mail.ts';
import type { Restart, Roused } from '../../activities/deps.ts';
import { type Activities, createActivities } from '../../activities/index.ts';
import type { GatewayKeys } from '../../config/values.ts';
import { createPolicies } from '../../config/policies.ts';
import { checkInvariants, isBroken } from '../../db/invariants/check.ts';
import { ensureLibraries, noteFees } from '../../db/libraries.ts';
import { openOrm } from '../../db/orm.ts';
import { openMailbox } from '../../dev/mailbox.ts';
import type { LibraryPolicy } from '../../domain/policy.ts';
import type { Post } from '../../peers/post.ts';
import { createBuilders } from './builders.ts';
import { createTestDatabase } from './database.ts';
import { policies as written, printer, texts } from './made-once.ts';

export interface BenchOptions {
  readonly library?: string;
  /** Changes to the library's policy: short windows, other limits. */
  readonly change?: (policy: LibraryPolicy) => LibraryPolicy;
  /** Changes to the policies of the installation's other libraries. */
  readonly changeOthers?: (policy: LibraryPolicy) => LibraryPolicy;
  /** Connections to the database, and so the steps that can be under way at once. */
  readonly connections?: number;
  /** Accounts at payment services, by `library/way`. */
  readonly gatewayKeys?: ReadonlyMap<string, GatewayKeys>;
  /** What answers instead of other agencies; nobody unless stated. */
  readonly post?: Post;
}

const unreachable: Post = () => Promise.reject(new Error('No other agency can be reached.'));

/**
 * The activities by themselves: real PostgreSQL, a real mail server, the policies; instead of the engine a list of whom it was asked to wake. Steps are called
 * with a time of the test's choosing.
 */
export async function startActivities({
  library = 'demo',
  change = (policy) => policy,
  changeOthers = (policy) => policy,
  connections = 20,
  gatewayKeys = new Map(),
  post = unreachable,
}: BenchOptions = {}) {
  const database = await createTestDatabase();
  const orm = await openOrm({ databaseUrl: database.url, poolSize: connections });
  const policies = createPolicies(
    written.all().map((policy) => (policy.code === library ? change(policy) : changeOthers(policy))),
  );
  await ensureLibraries(
    orm,
    policies.all().map(({ code }) => code),
    new Date(),
  );
  await noteFees(orm, policies.all());
  const mailbox = await openMailbox();
  const mail = createMailGateway({ smtpUrl: mailbox.url });
  const woken: string[] = [];
  const deps = {
    orm,
    policies,
    texts,
    printer,
    mail,
    gateways: createGateways(policies, gatewayKeys),
    post,
    engine: fakeEngine(woken),
    secret: 'a secret of more than thirty-two characters',
    publicUrl: 'http://localhost',
  };
  const retries = new Map<string, number>();
  return {
    orm,
    deps,
    activities: createActivities(deps),
    build: createBuilders(orm, library),
    policy: policies.get(library),
    databaseUrl: database.url,
    mailbox,
    /** Every workflow id the engine was asked to wake, or, with `new` before it, to start again, in order. */
    woken,
    /** Why steps were tried again, and how often. */
    retries,
    perform: <T>(step: (activities: Activities) => Promise<T>) =>
      perform(() => step(createActivities(deps)), retries),
    rows: <T extends object>(sql: string, values: unknown[] = []) => orm.em.fork().execute<T[]>(sql, values),
    /** Names of the invariants that are broken, with the rows that break them. */
    async audit(now = Date.now(), grace = 'PT1H') {
      const checked = await checkInvariants(orm, { policies: policies.all(), now, grace });
      return checked.filter(isBroken).map(({ name, ids }) => ({ name, ids }));
    },
    async stop() {
      mail.close();
      await mailbox.stop();
      await orm.close(true);
      await database.drop();
    },
  };
}

export type ActivityBench = Awaited<ReturnType<typeof startActivities>>;

function fakeEngine(woken: string[]) {
  return {
    wake: async (ids: readonly string[]) => void woken.push(...ids),
    wakeListed: async (ids: readonly string[]) => void woken.push(...ids.map((id) => `listed ${id}`)),
    rouse: async (processes: readonly Roused[]) =>
      void woken.push(...processes.map(({ process, id }) => `${process}:${id}`)),
    open: async (ids: readonly string[]) => new Set(ids),
    restart: async ({ process, id }: Restart) => void woken.push(`new ${process}:${id}`),
    listOpen: async function* () {},
  };
}

/** Tries a step again when it fails, as the engine does, and counts why. */
async function perform<T>(step: () => Promise<T>, retries: Map<string, number>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await step();
    } catch (error) {
      const why = reasonOf(error);
      retries.set(why, (retries.get(why) ?? 0) + 1);
      if (tries === 20) throw error;
    }
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if ('code' in error) return `${error.name} ${String(error.code)}`;
  return `${error.name}: ${error.message.replaceAll(/[0-9a-f-]{36}/g, '…')}`;
}
