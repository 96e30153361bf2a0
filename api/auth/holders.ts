import type { MikroORM } from '@mikro-orm/postgresql';
import type { HolderKind } from './throttle.ts';

/** Someone who may sign in, as far as that needs to be known. */
export interface Holder {
  readonly id: string;
  /** All that the holder can sign in with: card number, login, confirmed e-mail address. */
  readonly names: readonly string[];
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
  readonly names: string[];
  readonly password_hash: string | null;
  readonly one_time_ms: number | null;
  readonly birth_date: string | null;
  readonly known: boolean;
  readonly by_email: boolean;
}

const isKnown = (holder: string) =>
  `exists (select from known_address k where k.holder_id = ${holder} and k.address = :network and k.last_used_at > :since) as known`;

const milliseconds = (column: string) => `(extract(epoch from ${column}) * 1000)::float8`;

/** An address that mail comes back from was confirmed before; its owner still knows it as the way in. */
const ownEmail = `h.email_state in ('confirmed', 'failing')`;
const confirmedEmail = `case when ${ownEmail} then h.email end`;

/** A card number goes before a login, and both before an address: nobody can take over a name by choosing another's. */
const queries: Record<HolderKind, string> = {
  patron: `
select h.id, array_remove(array[h.card, h.login, ${confirmedEmail}], null) as names, c.password_hash,
  ${milliseconds('c.one_time_until')} as one_time_ms, h.birth_date::text as birth_date,
  h.card <> :name and lower(h.login) is distinct from lower(:name) as by_email, ${isKnown('h.id')}
from patron h left join credential c on c.patron_id = h.id
where h.library = :library and h.closed_at is null
  and (h.card = :name or lower(h.login) = lower(:name) or (lower(h.email) = lower(:name) and ${ownEmail}))
order by h.card = :name desc, by_email limit 2`,
  staff: `
select h.id, array[h.login] as names, h.password_hash, ${milliseconds('h.one_time_until')} as one_time_ms,
  null as birth_date, false as by_email, ${isKnown('h.id')}
from staff_member h
where h.library = :library and lower(h.login) = lower(:name) and h.active`,
};

export interface Claim {
  readonly kind: HolderKind;
  readonly library: string;
  /** Card number, login or e-mail address; of staff the login. */
  readonly name: string;
  readonly network: string;
  readonly now: number;
}

const rememberedMs = 90 * 86_400_000;

/** Puts values in the places of names; the same name may stand in several places. */
function bind(query: string, values: Readonly<Record<string, unknown>>): [string, unknown[]] {
  const given: unknown[] = [];
  const sql = query.replaceAll(/(?<!:):([a-z]+)/g, (_all, name: string) => {
    given.push(values[name]);
    return '?';
  });
  return [sql, given];
}

/**
 * Who has this card number, login or confirmed e-mail address (A1); undefined when nobody has, or may no longer sign in. An address that several readers of the
 * library share – families do – is nobody's: it never lets one in as another.
 */
export async function findHolder(orm: MikroORM, claim: Claim): Promise<Holder | undefined> {
  const { kind, library, network, now } = claim;
  const name = claim.name.normalize('NFKC').trim();
  const since = new Date(now - rememberedMs);
  const [sql, values] = bind(queries[kind], { library, name, network, since });
  const [row, other] = await orm.em.getConnection().execute<Row[]>(sql, values);
  if (row === undefined || (row.by_email && other !== undefined)) return undefined;
  return {
    id: row.id,
    names: row.names,
    passwordHash: row.password_hash ?? undefined,
    oneTimeUntil: row.one_time_ms,
    birthDate: row.birth_date,
    known: row.known,
  };
}
