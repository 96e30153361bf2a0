import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { v7 as uuid } from 'uuid';
import { Erasure, EmailConfirmation, Patron, PatronChange } from '../../db/entities/index.ts';
import { type ActivityBench, startActivities } from '../support/activities.ts';

let bench: ActivityBench;
beforeAll(async () => {
  bench = await startActivities();
});
afterAll(() => bench.stop());

const stepFor = (patronId: string) => ({
  erasureId: uuid(),
  patronId,
  actor: 'staff:x' as const,
  operation: `command:erasePatron:${uuid()}`,
  now: Date.now(),
});

const failWhen = (table: string) =>
  bench.rows(`
    create function fall_over() returns trigger language plpgsql as $$ begin raise exception 'the lights went out'; end $$;
    create trigger fall_over before update on ${table} for each statement execute function fall_over()`);

test('A12 an erasure that breaks off in the middle has changed nothing, and is done whole when it is tried again', async () => {
  const patron = await bench.build.patron({ name: 'Still Here' });
  await bench.build.block(patron.id);
  await bench.rows(
    `insert into cart_confirmation (id, patron_id, lines, confirmed_at) values (gen_random_uuid(), ?, '[]', now())`,
    [patron.id],
  );
  const step = stepFor(patron.id);
  await failWhen('patron');
  await expect(bench.activities.erasePatron(step)).rejects.toThrow('the lights went out');
  await bench.rows('drop function fall_over cascade');
  const em = () => bench.orm.em.fork();
  expect(await em().findOneOrFail(Patron, { id: patron.id })).toMatchObject({
    name: 'Still Here',
    erasedAt: null,
  });
  expect(await bench.rows('select id from block where patron_id = ?', [patron.id])).toHaveLength(1);
  expect(await em().count(Erasure, { patronId: patron.id })).toBe(0);
  const done = { erasureId: step.erasureId, patronId: patron.id, deliver: [] };
  expect(await bench.activities.erasePatron(step)).toEqual(done);
  expect(await bench.activities.erasePatron(step)).toEqual(done);
  expect(await bench.activities.erasePatron(stepFor(patron.id))).toEqual({
    refused: [{ code: 'patron-unknown' }],
  });
  expect(await bench.rows('select id from block where patron_id = ?', [patron.id])).toEqual([]);
  expect(bench.woken).toContain(`membership:${patron.id}`);
  expect(await bench.audit()).toEqual([]);
});

test('A12 money that is owed, or that the reader has with the library, stands in the way', async () => {
  const patron = await bench.build.patron();
  const journal = uuid();
  await bench.orm.em.fork().transactional(async (tx) => {
    await tx.execute(
      `insert into journal (id, library, operation, kind, patron_id, at, actor) values (?, 'demo', ?, 'deposit', ?, now(), 'system')`,
      [journal, journal, patron.id],
    );
    for (const [account, amount] of [
      ['cash', 700],
      [`prepaid:${patron.id}`, -700],
    ])
      await tx.execute(
        `insert into posting (id, journal_id, account, amount, currency) values (gen_random_uuid(), ?, ?, ?, 'EUR')`,
        [journal, account, amount],
      );
  });
  const answer = await bench.activities.erasePatron(stepFor(patron.id));
  expect(answer).toEqual({ refused: [{ code: 'patron-has-credit', amountMinor: 700 }] });
});

test('A12 a change and an address submitted while the reader was being erased come to nothing, and are not kept', async () => {
  const patron = await bench.build.patron();
  const [changeId, confirmationId] = [uuid(), uuid()];
  const at = new Date();
  const em = bench.orm.em.fork();
  em.create(PatronChange, {
    id: changeId,
    library: 'demo',
    patronId: patron.id,
    actor: `patron:${patron.id}`,
    wanted: { phone: '0800 too late' },
    submittedAt: at,
  });
  await em.flush();
  await bench.rows(
    `insert into email_confirmation (id, library, subject_type, subject_id, address, purpose, requested_by, created_at, expires_at)
     values (?, 'demo', 'patron', ?, 'late@example.org', 'set', 'system', now(), now())`,
    [confirmationId, patron.id],
  );
  await bench.activities.erasePatron(stepFor(patron.id));
  const operation = `command:changePatron:${changeId}`;
  expect(await bench.activities.changePatron({ changeId, operation, now: Date.now() })).toEqual({
    refused: [{ code: 'patron-unknown' }],
  });
  const asked = await bench.activities.askEmail({
    confirmationId,
    actor: `patron:${patron.id}`,
    operation: `command:askEmail:${confirmationId}`,
    now: Date.now(),
  });
  expect(asked).toMatchObject({ refused: [{ code: 'patron-closed' }] });
  const left = bench.orm.em.fork();
  expect((await left.findOneOrFail(PatronChange, { id: changeId })).wanted).toEqual({});
  expect((await left.findOneOrFail(EmailConfirmation, { id: confirmationId })).address).toBe('');
});
