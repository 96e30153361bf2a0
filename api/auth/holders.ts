import type { MikroORM } from '@mikro-orm/postgresql';
import type { HolderKind } from './throttle.ts';

/** Someone who may sign in, as far as that needs to be known. */
export interface Holder {
  readonly id: string;
  /** Undefined: has no password. */
  readonly passwordHash: string | undefined;
  /** Of a password given out by the desk: until when it can be used; epoch milliseconds. */
  readonly oneTimeUntil: number | null;
  /** `YYYY-MM-DD`; staff: null. */
  readonly birthDate: string | null;
  /** Has signed in from this network in the last 90 days. */
  readonly known: boolean;
}

interface Row {
  readonly id: string;
  readonly password_hash: string | null;
  readonly one_time_ms: number | null;
  readonly birth_date: string | null;
  readonly known: boolean;
}

const isKnown = (holder: string) =>
  `exists (select from known_address k where k.holder_id = ${holder} and k.address = ? and k.last_used_at > ?) as known`;

const queries: Record<HolderKind, string> = {
  patron: `
select h.id, c.password_hash, (extract(epoch from c.one_time_until) * 1000)::float8 as one_time_ms, h.birth_date::text as birth_date,
  ${isKnown('h.id')}
from patron h left join credential c on c.patron_id = h.id
where h.library = ? and h.card = ? and h.closed_at is null`,
  staff: `
select h.id, h.password_hash, null as one_time_ms, null as birth_date, ${isKnown('h.id')}
from staff_member h
where h.library = ? and h.login = ? and h.active`,
};

export interface Claim {
  readonly kind: HolderKind;
  readonly library: string;
  /** Card number or login. */
  readonly name: string;
  readonly network: string;
  readonly now: number;
}

const rememberedMs = 90 * 86_400_000;

/** Who has this card or login; undefined when nobody has, or may no longer sign in. */
export async function findHolder(orm: MikroORM, claim: Claim): Promise<Holder | undefined> {
  const { kind, library, name, network, now } = claim;
  const [row] = await orm.em
    .getConnection()
    .execute<Row[]>(queries[kind], [network, new Date(now - rememberedMs), library, name]);
  if (row === undefined) return undefined;
  return {
    id: row.id,
    passwordHash: row.password_hash ?? undefined,
    oneTimeUntil: row.one_time_ms,
    birthDate: row.birth_date,
    known: row.known,
  };
}
