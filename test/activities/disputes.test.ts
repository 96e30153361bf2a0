import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type ActivityBench, startActivities } from '../support/activities.ts';
import { type Charges, createCharges } from '../support/charges.ts';

/** What readers object to before they pay. */
let bench: ActivityBench;
let charges: Charges;
const now = Date.parse('2026-12-10T12:00:00Z');

beforeAll(async () => {
  bench = await startActivities();
  charges = createCharges(bench, now);
});
afterAll(() => bench?.stop());

const tasks = (chargeId: string) =>
  bench.rows<{ outcome: string | null; due: string }>(
    `select outcome, (due_at at time zone 'Europe/Berlin')::date::text as due from task where kind = 'charge-disputed' and subject_id = ?`,
    [chargeId],
  );

test('P7 a disputed charge waits for staff, due in the working days of the policy, and is not disputed twice', async () => {
  const { id } = await charges.reader();
  const chargeId = await charges.raise(id);
  expect(await charges.dispute(id, chargeId)).toEqual({ chargeId, openMinor: 1000 });
  expect(await charges.charge(chargeId)).toEqual({ remaining: 1000, disputed: true, dropped: false });
  expect(await tasks(chargeId)).toEqual([{ outcome: null, due: '2026-12-15' }]);
  expect(await charges.dispute(id, chargeId)).toEqual({ refused: [{ code: 'charge-disputed', chargeId }] });
  expect(await charges.waive(chargeId)).toEqual({ refused: [{ code: 'charge-disputed', chargeId }] });
  expect(await charges.pay(id, chargeId, 1000)).toMatchObject({ refused: [{ code: 'charge-disputed' }] });
});

test('P7 what is paid, or another reader’s, is not disputed', async () => {
  const [{ id }, other] = [await charges.reader(), await charges.reader()];
  const chargeId = await charges.raise(id);
  expect(await charges.dispute(other.id, chargeId)).toEqual({
    refused: [{ code: 'charge-unknown', chargeId }],
  });
  await charges.pay(id, chargeId, 1000);
  expect(await charges.dispute(id, chargeId)).toEqual({ refused: [{ code: 'charge-settled', chargeId }] });
});

test('P7 upheld in part, the rest is due; the reader is told, and staff cannot be asked about it again', async () => {
  const { id } = await charges.reader();
  const chargeId = await charges.raise(id, 1000, 'other', 'ill:disputed');
  await charges.dispute(id, chargeId);
  const decided = await charges.decide(chargeId, 'uphold', 400);
  expect(decided).toMatchObject({ openMinor: 600, deliver: [expect.any(String)] });
  expect(await charges.charge(chargeId)).toEqual({ remaining: 600, disputed: false, dropped: false });
  expect(await tasks(chargeId)).toMatchObject([{ outcome: 'upheld' }]);
  expect(await charges.decide(chargeId, 'reject')).toEqual({
    refused: [{ code: 'dispute-decided', chargeId }],
  });
  expect(await charges.dispute(id, chargeId)).toEqual({ refused: [{ code: 'dispute-decided', chargeId }] });
  expect(bench.woken).not.toContain('ill:disputed');
});

test('P7 I16 upheld as a whole nothing is open, and what waits for it is woken', async () => {
  const { id } = await charges.reader();
  const chargeId = await charges.raise(id, 1000, 'other', 'ill:upheld');
  await charges.dispute(id, chargeId);
  expect(await charges.decide(chargeId, 'uphold')).toMatchObject({ openMinor: 0 });
  expect(bench.woken).toContain('ill:upheld');
});

test('P7 rejected it is due again; two who decide at once: one is told that it has been decided', async () => {
  for (let round = 0; round < 8; round += 1) {
    const { id } = await charges.reader();
    const chargeId = await charges.raise(id);
    await charges.dispute(id, chargeId);
    const answers = await Promise.all([
      charges.decide(chargeId, 'reject'),
      charges.decide(chargeId, 'uphold'),
    ]);
    const [refused] = answers.filter((each) => 'refused' in each);
    expect(answers.filter((each) => 'refused' in each)).toHaveLength(1);
    expect(refused).toEqual({ refused: [{ code: 'dispute-decided', chargeId }] });
    const rejected = !('refused' in (answers[0] as object));
    expect(await charges.charge(chargeId)).toEqual({
      remaining: rejected ? 1000 : 0,
      disputed: false,
      dropped: false,
    });
  }
});

test('P7 the reader takes it back, and may object again; disputing and paying at once, one of them is refused', async () => {
  const { id } = await charges.reader();
  const chargeId = await charges.raise(id);
  expect(await charges.withdraw(id, chargeId)).toEqual({ refused: [{ code: 'dispute-unknown', chargeId }] });
  await charges.dispute(id, chargeId);
  expect(await charges.withdraw(id, chargeId)).toEqual({ chargeId, openMinor: 1000 });
  expect(await tasks(chargeId)).toMatchObject([{ outcome: 'dropped' }]);
  expect(await charges.dispute(id, chargeId)).toEqual({ chargeId, openMinor: 1000 });
  for (let round = 0; round < 8; round += 1) {
    const reader = await charges.reader();
    const fee = await charges.raise(reader.id);
    const answers = await Promise.all([charges.dispute(reader.id, fee), charges.pay(reader.id, fee, 1000)]);
    expect(answers.filter((each) => 'refused' in each)).toHaveLength(1);
  }
  await bench.rows(`update notice set state = 'shown', settled_at = created_at, subject = 's', body_text = 't', body_html = 'h', attempts = 1, channel = 'message'
    where state = 'queued'`);
  expect(await bench.audit(now + 3_600_000)).toEqual([]);
});
