import type { Client as Database } from 'pg';

/** A message as one side has it. */
interface MessageRow {
  readonly key: string;
  readonly state: string;
  readonly copies: number;
}

const messages = (direction: 'in' | 'out') => `
  select name || ' ' || says || ' of ' || request_ref || ' at ' || said_at::text as key, min(state) as state, count(*)::int as copies
  from ill_message where direction = '${direction}' group by 1 order by 1`;

/** Every message that one side sent is with the other side, once; and that side has none which nobody sent. */
export async function compareMessages(from: Database, to: Database, way: string): Promise<string[]> {
  const sent = (await from.query<MessageRow>(messages('out'))).rows;
  const come = (await to.query<MessageRow>(messages('in'))).rows;
  const there = new Map(come.map((row) => [row.key, row]));
  const known = new Set(sent.map(({ key }) => key));
  return [
    ...sent.filter(({ state }) => state !== 'sent').map(({ key, state }) => `${way}: ${key} is ${state}`),
    ...sent.filter(({ copies }) => copies > 1).map(({ key }) => `${way}: ${key} was written twice`),
    ...sent.filter(({ key }) => !there.has(key)).map(({ key }) => `${way}: ${key} did not arrive`),
    ...come.filter(({ copies }) => copies > 1).map(({ key }) => `${way}: ${key} was stored twice`),
    ...come.filter(({ state }) => state === 'stored').map(({ key }) => `${way}: ${key} was never heeded`),
    ...come.filter(({ key }) => !known.has(key)).map(({ key }) => `${way}: ${key} came and was never sent`),
  ];
}

/** What became of a request between the two, as one side sees it. */
interface EndRow {
  readonly ref: string;
  readonly status: string | null;
  readonly copies: number;
}

/** Every request that was asked of the other side is there once, and both agree on how it ended. */
export async function compareEnds(asker: Database, owner: Database): Promise<string[]> {
  const asked = await asker.query<EndRow>(
    `select our_ref as ref, min(status) as status, count(*)::int as copies from ill_attempt group by 1`,
  );
  const supplied = await owner.query<EndRow>(
    `select their_ref as ref, min(status) as status, count(*)::int as copies from supply_request group by 1`,
  );
  const there = new Map(supplied.rows.map((row) => [row.ref, row]));
  const known = new Set(asked.rows.map(({ ref }) => ref));
  const disagree = asked.rows.filter(
    ({ ref, status }) => there.has(ref) && there.get(ref)?.status !== status,
  );
  return [
    ...asked.rows.filter(({ ref }) => !there.has(ref)).map(({ ref }) => `${ref} was asked and is not there`),
    ...supplied.rows.filter(({ ref }) => !known.has(ref)).map(({ ref }) => `${ref} is there and not asked`),
    ...[...asked.rows, ...supplied.rows]
      .filter(({ copies }) => copies > 1)
      .map(({ ref }) => `${ref} is there twice`),
    ...disagree.map(
      ({ ref, status }) => `${ref}: ${status} for who asked, ${there.get(ref)?.status} for who supplies`,
    ),
  ];
}
