import type { MikroORM } from '@mikro-orm/postgresql';
import { Temporal } from 'temporal-polyfill';
import type { Policies } from '../../config/policies.ts';
import type { SessionTransport } from '../../db/entities/index.ts';
import type { Language } from '../../domain/languages.ts';
import type { StaffRole } from '../../domain/roles.ts';
import type { Caller, SessionScope } from '../caller.ts';
import { problem } from '../problem.ts';
import type { Presented } from './presented.ts';
import { hashToken } from './tokens.ts';

/** Finds who makes a request by the token it brings; undefined without one. Throws 401 when the session has ended. */
export type Authenticate = (given: Presented | undefined, now: number) => Promise<Caller | undefined>;

interface SessionRow {
  readonly holder_kind: 'patron' | 'staff';
  readonly holder_id: string;
  readonly library: string;
  readonly scope: SessionScope;
  readonly transport: SessionTransport;
  readonly last_used_ms: number;
  readonly expires_ms: number;
  readonly language: Language | null;
  readonly roles: StaffRole[] | null;
}

/** One query for every request: the session, and whether its holder may still use it. */
const find = {
  name: 'authenticate',
  text: `
select s.holder_kind, s.holder_id, s.library, s.scope, s.transport, p.language, m.roles,
  (extract(epoch from s.last_used_at) * 1000)::float8 as last_used_ms,
  (extract(epoch from s.expires_at) * 1000)::float8 as expires_ms
from session s
left join patron p on s.holder_kind = 'patron' and p.id = s.holder_id and p.closed_at is null
left join staff_member m on s.holder_kind = 'staff' and m.id = s.holder_id and m.active
where s.token_hash = $1 and s.revoked_at is null and coalesce(p.id, m.id) is not null`,
};

const touch = {
  name: 'touch-session',
  text: 'update session set last_used_at = $2 where token_hash = $1 and last_used_at < $2',
};

const minute = 60_000;

function callerOf(row: SessionRow, session: Buffer): Caller {
  const { holder_id: id, library, scope, transport, expires_ms: expiresAt } = row;
  const signedIn = {
    id,
    library,
    scope,
    transport,
    session,
    expiresAt,
    actor: `${row.holder_kind}:${id}` as const,
  };
  return row.holder_kind === 'patron'
    ? { ...signedIn, kind: 'patron', language: row.language ?? 'en' }
    : { ...signedIn, kind: 'staff', roles: row.roles ?? [] };
}

const milliseconds = (duration: string) => Temporal.Duration.from(duration).total('milliseconds');

/** How long sessions last without being used, in milliseconds, by library and kind of holder. */
function idleLimits(policies: Policies): ReadonlyMap<string, Record<SessionRow['holder_kind'], number>> {
  return new Map(
    policies
      .all()
      .map(({ code, sessions: { patron, staff } }) => [
        code,
        { patron: milliseconds(patron.idle), staff: milliseconds(staff.idle) },
      ]),
  );
}

export function createAuthenticate(orm: MikroORM, policies: Policies): Authenticate {
  const connection = orm.em.getConnection();
  const limits = idleLimits(policies);

  return async (given, now) => {
    if (given === undefined) return undefined;
    const session = hashToken(given.token);
    const pool = await connection.getNativeClient();
    const { rows } = await pool.query<SessionRow>({ ...find, values: [session] });
    const row = rows[0];
    const idle = row && limits.get(row.library)?.[row.holder_kind];
    if (row === undefined || idle === undefined) throw problem('session-expired');
    // A cookie's token that has leaked is of no use without the browser's protections, nor the reverse.
    if (row.transport !== given.transport) throw problem('session-expired');
    if (row.expires_ms <= now || row.last_used_ms + idle <= now) throw problem('session-expired');
    // Not at every request: the row would be written as often as it is read.
    if (now - row.last_used_ms >= Math.min(minute, idle / 10))
      await pool.query({ ...touch, values: [session, new Date(now)] });
    return callerOf(row, session);
  };
}
