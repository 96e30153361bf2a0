import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pino } from 'pino';
import { createGateways } from '../../activities/gateways/index.ts';
import { buildApp } from '../../api/app.ts';
import { hashPassword } from '../../api/auth/passwords.ts';
import { hashToken, newToken } from '../../api/auth/tokens.ts';
import type { Commands } from '../../api/commands-port.ts';
import type { ApiDeps } from '../../api/deps.ts';
import { createHealth } from '../../api/health.ts';
import type { Processes } from '../../api/processes-port.ts';
import type { Route } from '../../api/route.ts';
import { createPolicies } from '../../config/policies.ts';
import { Credential, type Patron, Session, StaffMember } from '../../db/entities/index.ts';
import { ensureLibraries } from '../../db/libraries.ts';
import { openOrm } from '../../db/orm.ts';
import type { LibraryPolicy } from '../../domain/policy.ts';
import type { StaffRole } from '../../domain/roles.ts';
import { createUploads } from '../../uploads/intake.ts';
import { noScanner } from '../../uploads/scanner.ts';
import { createBuilders } from '../support/builders.ts';
import { createTestDatabase } from '../support/database.ts';
import { policies as written, printer, texts } from '../support/made-once.ts';

export interface EdgeOptions {
  readonly routes?: (deps: ApiDeps) => readonly Route[];
  readonly change?: (policy: LibraryPolicy) => LibraryPolicy;
  readonly config?: Partial<ApiDeps['config']>;
  /** What other agencies prove themselves with, by `library/peer`. */
  readonly peerKeys?: ApiDeps['peerKeys'];
}

/** What the engine was asked, and what it is to answer. */
interface FakeEngine {
  readonly asked: { readonly name: string; readonly given: unknown }[];
  answer: (name: string) => unknown;
}

/** Stands in for the engine where only the edge is tested; whole stories run on the real one in test/journeys. */
function fakeEngine(engine: FakeEngine): Commands & Processes {
  const act =
    (name: string) =>
    async (...given: unknown[]) => {
      engine.asked.push({ name, given });
      return engine.answer(name);
    };
  return new Proxy({} as Commands & Processes, { get: (_asked, name) => act(String(name)) });
}

/** The API over HTTP on a database of its own, with a clock the test sets. */
export async function startEdge({
  routes,
  change = (policy) => policy,
  config = {},
  peerKeys = new Map(),
}: EdgeOptions = {}) {
  const database = await createTestDatabase();
  const orm = await openOrm({ databaseUrl: database.url, poolSize: 10 });
  const policies = createPolicies(written.all().map(change));
  await ensureLibraries(
    orm,
    policies.all().map(({ code }) => code),
    new Date(),
  );
  const engine: FakeEngine = { asked: [], answer: () => ({ outcome: 'done', result: {} }) };
  const logged: string[] = [];
  const clock = { now: Date.now() };
  const deps: ApiDeps = {
    orm,
    policies,
    texts,
    printer,
    commands: fakeEngine(engine),
    processes: fakeEngine(engine),
    gateways: createGateways(policies, new Map()),
    peerKeys,
    uploads: createUploads({ scanner: noScanner }),
    clock: () => clock.now,
    logger: pino({ level: 'info' }, { write: (line: string) => void logged.push(line) }),
    config: {
      secret: 'a secret of more than thirty-two characters',
      publicUrl: 'http://library.example',
      trustProxy: 1,
      environment: 'test',
      ...config,
    },
  };
  const parts = { health: createHealth(orm, deps.commands), ...(routes && { routes: routes(deps) }) };
  const server = buildApp(deps, parts).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const demo = createBuilders(orm, 'demo', new Date(clock.now));
  const chikushino = createBuilders(orm, 'chikushino', new Date(clock.now));
  const builders = { demo, chikushino };
  const sign = (library: Library, kind: 'patron' | 'staff', id: string) =>
    createSession(orm, { library, kind, id, now: clock.now });
  return {
    url,
    orm,
    deps,
    engine,
    logged,
    clock,
    call: createCaller(url),
    build: demo,
    elsewhere: chikushino,
    /** A reader who is signed in. */
    patron: async (given: Partial<Patron> = {}, library: Library = 'demo') => {
      const patron = await builders[library].patron(given);
      return { ...patron, token: await sign(library, 'patron', patron.id) };
    },
    /** A member of staff who is signed in. */
    staff: async (roles: readonly StaffRole[], library: Library = 'demo') => {
      const member = await builders[library].staff(...roles);
      return { ...member, token: await sign(library, 'staff', member.id) };
    },
    setPassword: (patronId: string, password: string) => setPassword(orm, patronId, password, clock.now),
    setStaffPassword: (id: string, password: string) => setStaffPassword(orm, id, password),
    /** Takes the database away for good, as an outage would. */
    dropDatabase: () => database.drop(),
    stop: async () => {
      await stopServer(server);
      await orm.close(true);
      await database.drop();
    },
  };
}

export type Edge = Awaited<ReturnType<typeof startEdge>>;

type Library = 'demo' | 'chikushino';

interface SessionOf {
  readonly library: Library;
  readonly kind: 'patron' | 'staff';
  readonly id: string;
  readonly now: number;
}

async function createSession(orm: ApiDeps['orm'], { library, kind, id, now }: SessionOf): Promise<string> {
  const token = newToken();
  const at = new Date(now);
  await orm.em.fork().insert(Session, {
    tokenHash: hashToken(token),
    holderKind: kind,
    holderId: id,
    library,
    scope: 'full',
    address: '127.0.0.1',
    createdAt: at,
    lastUsedAt: at,
    expiresAt: new Date(now + 12 * 3_600_000),
  });
  return token;
}

const hashes = new Map<string, Promise<string>>();

/** Hashing is slow on purpose; a test's readers may share one hash of the same password. */
function hashOf(password: string): Promise<string> {
  const hash = hashes.get(password) ?? hashPassword(password);
  hashes.set(password, hash);
  return hash;
}

async function setPassword(orm: ApiDeps['orm'], patronId: string, password: string, now: number) {
  const passwordHash = await hashOf(password);
  await orm.em.fork().upsert(Credential, { patronId, passwordHash, changedAt: new Date(now) });
}

async function setStaffPassword(orm: ApiDeps['orm'], id: string, password: string) {
  await orm.em.fork().nativeUpdate(StaffMember, { id }, { passwordHash: await hashOf(password) });
}

function stopServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

export interface Asked {
  readonly token?: string | undefined;
  readonly body?: unknown;
  /** A body that is sent as it stands. */
  readonly raw?: string | Uint8Array<ArrayBuffer>;
  readonly headers?: Readonly<Record<string, string>>;
  /** The network address the request is to come from. */
  readonly from?: string;
}

export interface Answered {
  readonly status: number;
  readonly headers: Headers;
  // oxlint-disable-next-line typescript/no-explicit-any -- tests look into bodies of every shape
  readonly body: any;
}

function createCaller(url: string) {
  return async (method: string, path: string, asked: Asked = {}): Promise<Answered> => {
    const json = asked.body === undefined ? undefined : JSON.stringify(asked.body);
    const body = asked.raw ?? json;
    const response = await fetch(`${url}${path}`, {
      method,
      headers: {
        ...(asked.token && { authorization: `Bearer ${asked.token}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...(asked.from && { 'x-forwarded-for': asked.from }),
        ...asked.headers,
      },
      ...(body !== undefined && { body }),
    });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.includes('json');
    return {
      status: response.status,
      headers: response.headers,
      body: isJson && text ? JSON.parse(text) : text,
    };
  };
}
