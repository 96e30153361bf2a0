import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Route } from '../../api/route.ts';
import { routesOf } from '../../api/routes/index.ts';
import { Session } from '../../db/entities/index.ts';
import { staffRoles } from '../../domain/roles.ts';
import { startEdge } from './edge.ts';
import type { Asked, Edge } from './edge.ts';
import { createOutOfReach } from './objects.ts';

let edge: Edge;
let routes: readonly Route[];
beforeAll(async () => {
  edge = await startEdge();
  routes = routesOf(edge.deps);
});
afterAll(() => edge.stop());

const nobodys = '0190b0a4-0000-7000-8000-000000000000';
const label = (route: Route) => `${route.method} ${route.path}`;
const isStaffRoute = (route: Route) => Array.isArray(route.access);

/** Visits a route, by default with ids of nothing. */
function visit(route: Route, asked: Asked = {}, params: Readonly<Record<string, string>> = {}) {
  const path = route.path.replaceAll(/:(\w+)/g, (_all, name: string) => params[name] ?? nobodys);
  const headers = {
    ...(route.idempotent && { 'idempotency-key': crypto.randomUUID() }),
    ...(route.file && { 'content-type': route.file.mediaTypes[0] ?? '' }),
  };
  const file = route.file && { raw: 'a file' };
  return edge.call(route.method.toUpperCase(), path, { ...asked, ...file, headers });
}

/** The routes that do not answer a visit like that with `status`. */
async function others(
  which: (route: Route) => boolean,
  status: number | ((status: number) => boolean),
  asked: () => Promise<Asked>,
): Promise<string[]> {
  const fits = typeof status === 'number' ? (given: number) => given === status : status;
  const found: string[] = [];
  let caller: Asked = {};
  for (const [index, route] of routes.filter(which).entries()) {
    // Nobody does anything: without a body, and about nothing, no visit ends a session or is one too many.
    if (index % 20 === 0) caller = await asked();
    const answered = await visit(route, caller);
    if (!fits(answered.status)) found.push(`${label(route)}: ${answered.status}`);
  }
  return found;
}

const refused = (status: number) => [401, 403, 429].includes(status);

describe('A13 every route states who may call it', () => {
  test('A13 there are routes of every kind to try', () => {
    expect(routes.length).toBeGreaterThan(15);
    for (const access of ['public', 'patron', 'signed-in'])
      expect(routes.some((route) => route.access === access)).toBe(true);
    expect(routes.some(isStaffRoute)).toBe(true);
    expect(new Set(routes.map(label)).size).toBe(routes.length);
  });

  test('A13 without a session, or with one that never was, only the public ones answer', async () => {
    const isClosed = (route: Route) => route.access !== 'public';
    expect(await others(isClosed, 401, async () => ({}))).toEqual([]);
    expect(await others(isClosed, 401, async () => ({ token: 'A'.repeat(43) }))).toEqual([]);
    expect(
      await others(
        (route) => !isClosed(route),
        (status) => !refused(status),
        async () => ({}),
      ),
    ).toEqual([]);
  });

  test('A13 a reader reaches no staff route', async () => {
    expect(await others(isStaffRoute, 403, () => edge.patron())).toEqual([]);
  });

  test('A13 staff, even an administrator, reach no reader’s route', async () => {
    const isReaders = (route: Route) => route.access === 'patron';
    expect(await others(isReaders, 403, () => edge.staff(['administrator']))).toEqual([]);
  });

  test('A13 a role reaches its own part, and no other', async () => {
    for (const role of staffRoles.filter((each) => each !== 'administrator')) {
      const may = (route: Route) => isStaffRoute(route) && route.access.includes(role);
      const mayNot = (route: Route) => isStaffRoute(route) && !route.access.includes(role);
      expect(await others(mayNot, 403, () => edge.staff([role]))).toEqual([]);
      expect(
        await others(
          may,
          (status) => !refused(status),
          () => edge.staff([role]),
        ),
      ).toEqual([]);
    }
  });

  test('A13 an administrator reaches every staff route, and one without a role none', async () => {
    const allowed = (status: number) => !refused(status);
    expect(await others(isStaffRoute, allowed, () => edge.staff(['administrator']))).toEqual([]);
    expect(await others(isStaffRoute, 403, () => edge.staff([]))).toEqual([]);
  });

  test('A9 a session for setting a new password does nothing else, but signs out', async () => {
    const limited = async () => {
      const patron = await edge.patron();
      await edge.orm.em.fork().nativeUpdate(Session, { holderId: patron.id }, { scope: 'new-password' });
      return { token: patron.token };
    };
    const isOpen = (route: Route) => route.access === 'public' || route.scope === 'new-password';
    expect(await others((route) => !isOpen(route), 403, limited)).toEqual([]);
    const open = routes.filter((route) => route.access !== 'public' && isOpen(route)).map(label);
    expect(open.toSorted()).toEqual([
      'delete /v1/sessions/current',
      'get /v1/sessions/current',
      'put /v1/me/password',
      'put /v1/staff/me/password',
    ]);
  });
});

describe('A13 a session for setting up the second factor', () => {
  test('A13 does nothing else, but tells and sets the own account and signs out', async () => {
    const limited = async () => {
      const { id, token } = await edge.staff(['administrator']);
      await edge.orm.em.fork().nativeUpdate(Session, { holderId: id }, { scope: 'second-factor' });
      return { token };
    };
    const isClosed = (route: Route) => route.access !== 'public' && route.scope === 'full';
    expect(await others(isClosed, 403, limited)).toEqual([]);
    const open = routes.filter((route) => route.access !== 'public' && !isClosed(route)).map(label);
    expect(open.toSorted()).toEqual([
      'delete /v1/sessions/current',
      'get /v1/sessions/current',
      'get /v1/staff/me',
      'post /v1/staff/me/second-factor',
      'post /v1/staff/me/second-factor/confirmation',
      'put /v1/me/password',
      'put /v1/staff/me/password',
    ]);
  });
});

describe('A13 nobody reaches what is another’s', () => {
  test('A13 a row of another reader or library answers like one that does not exist', async () => {
    const outOfReach = await createOutOfReach(edge);
    const withId = routes.filter((route) => route.path.includes(':') && route.access !== 'public');
    expect(withId.length).toBeGreaterThan(2);
    for (const route of withId) {
      const { token } = isStaffRoute(route) ? await edge.staff(['administrator']) : await edge.patron();
      const { params, ...body } = outOfReach(route.method, route.path);
      const theirs = await visit(route, { token, ...body }, params);
      const nothing = await visit(route, { token, ...body });
      expect({ route: label(route), status: theirs.status }).toEqual({ route: label(route), status: 404 });
      expect({ ...theirs.body, instance: '' }).toEqual({ ...nothing.body, instance: '' });
    }
  });

  /** One signed in with each role alone, and a reader. */
  const callersOf = async (library: 'demo' | 'chikushino') => ({
    reader: (await edge.patron({}, library)).token,
    ...Object.fromEntries(
      await Promise.all(
        staffRoles.map(async (role) => [role, (await edge.staff([role], library)).token] as const),
      ),
    ),
  });

  const staffWithId = () => routes.filter((route) => route.path.includes(':') && isStaffRoute(route));
  const mayCallIt = ({ access }: Route, role: string) =>
    role === 'administrator' || (Array.isArray(access) && access.some((each) => each === role));

  /** The visits whose answer is not `expected`, or tells a row that exists from one that does not. */
  async function telling(
    library: 'demo' | 'chikushino',
    expected: (route: Route, role: string) => number | undefined,
  ): Promise<string[]> {
    const outOfReach = await createOutOfReach(edge, library);
    const callers = Object.entries(await callersOf('demo'));
    const found: string[] = [];
    for (const route of staffWithId()) {
      const { params, ...body } = outOfReach(route.method, route.path);
      for (const [role, token] of callers) {
        const status = expected(route, role);
        if (status === undefined) continue;
        const theirs = await visit(route, { token, ...body }, params);
        const nothing = await visit(route, { token, ...body });
        const isAlike =
          JSON.stringify({ ...theirs.body, instance: '' }) ===
          JSON.stringify({ ...nothing.body, instance: '' });
        if (theirs.status !== status || nothing.status !== status || !isAlike)
          found.push(`${label(route)} as ${role}: ${theirs.status}`);
      }
    }
    return found;
  }

  test('A13 no role of another library reaches a row, or learns that it exists', async () => {
    expect(staffWithId().length).toBeGreaterThan(30);
    expect(await telling('chikushino', (route, role) => (mayCallIt(route, role) ? 404 : 403))).toEqual([]);
  }, 120_000);

  test('A13 a wrong role of the same library, and a reader, do not learn which rows exist', async () => {
    expect(await telling('demo', (route, role) => (mayCallIt(route, role) ? undefined : 403))).toEqual([]);
  }, 120_000);

  test('A13 what is of another reader of the same library answers a reader like what does not exist', async () => {
    const outOfReach = await createOutOfReach(edge, 'demo');
    const isOwn = (route: Route) => route.access === 'patron' || route.access === 'signed-in';
    // A title is the library's, and open to every reader.
    const ofReaders = routes.filter(
      (route) => route.path.includes(':') && isOwn(route) && !route.path.includes(':titleId'),
    );
    expect(ofReaders.length).toBeGreaterThan(2);
    for (const route of ofReaders) {
      const { token } = await edge.patron();
      const { params, ...body } = outOfReach(route.method, route.path);
      const theirs = await visit(route, { token, ...body }, params);
      const nothing = await visit(route, { token, ...body });
      expect({ route: label(route), status: theirs.status }).toEqual({ route: label(route), status: 404 });
      expect({ ...theirs.body, instance: '' }).toEqual({ ...nothing.body, instance: '' });
    }
  });

  test('hostile text is text', async () => {
    for (const card of [
      `' or 1=1 --`,
      `\\' or 1=1 --`,
      `"; drop table session; --`,
      '${7*7}',
      '?',
      ':now',
      '%',
    ]) {
      const body = { library: 'demo', card, password: card };
      expect((await edge.call('POST', '/v1/sessions', { body })).status).toBe(401);
      const q = encodeURIComponent(card);
      const found = await edge.call('GET', `/v1/titles?library=demo&q=${q}`);
      expect({ card, status: found.status }).toEqual({ card, status: 200 });
    }
  });
});
