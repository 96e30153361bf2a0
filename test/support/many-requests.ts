import type { MikroORM } from '@mikro-orm/postgresql';

/** Stores so many requests of a library by SQL, a minute apart, the first the oldest. Each is of `common`; one in a thousand – the oldest of its thousand – of `seldom` as well. */
export async function storeRequests(
  orm: MikroORM,
  { library, count, patronId }: { library: string; count: number; patronId?: string },
): Promise<void> {
  const em = orm.em.fork();
  const values = [library, patronId ?? null, count];
  await em.execute(
    `insert into ill_form (id, request_id, version, library, patron_id, service, literature, content, delivery, actor, submitted_at, search_text)
    select md5('form' || n)::uuid, md5('request' || n)::uuid, 1, ?, ?, 'loan', 'book', jsonb_build_object('title', 'Title ' || n), 'pickup', 'test',
      timestamptz '2026-01-01' + n * interval '1 minute', 'common word title ' || n || case when n % 1000 = 1 then ' seldom' else '' end || ' author of it'
    from generate_series(1, ?::int) n`,
    values,
  );
  await em.execute(
    `insert into ill_request (id, library, number, patron_id, mode, service, literature, title, form_id, delivery, state, actor, submitted_at)
    select md5('request' || n)::uuid, ?, 'T' || n, ?, 'distributed', 'loan', 'book', 'Title ' || n, md5('form' || n)::uuid, 'pickup', 'requested', 'test',
      timestamptz '2026-01-01' + n * interval '1 minute'
    from generate_series(1, ?::int) n`,
    values,
  );
  await em.execute('analyze ill_form');
  await em.execute('analyze ill_request');
}
