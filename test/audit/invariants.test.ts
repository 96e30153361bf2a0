import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Checked, checkWithin, isBroken } from '../../db/invariants/check.ts';
import { invariants } from '../../db/invariants/index.ts';
import { type ActivityBench, startActivities } from '../support/activities.ts';
import { breaks } from './breaks.ts';
import { after, type Story, tellStory } from './story.ts';

let bench: ActivityBench;
let story: Story;
beforeAll(async () => {
  bench = await startActivities();
  story = await tellStory(bench);
}, 180_000);
afterAll(() => bench.stop());

/** Damages the database, audits it, and takes the damage back. */
async function auditAfter(damage: string): Promise<Checked[]> {
  const pool = await bench.orm.em.getConnection().getNativeClient();
  const connection = await pool.connect();
  try {
    await connection.query('begin');
    await connection.query(damage);
    const policies = bench.deps.policies.all();
    return await checkWithin(connection, { policies, now: after, grace: 'PT1H' });
  } finally {
    await connection.query('rollback');
    connection.release();
  }
}

describe('the audit', () => {
  test('G1 finds nothing in a story in which everything is as it should be', async () => {
    expect(await bench.audit(after)).toEqual([]);
  });

  test.each(breaks)('G1 $name is found broken, and nothing else', async ({ name, sql }) => {
    const broken = (await auditAfter(sql(story))).filter(isBroken);
    expect(broken.map((each) => each.name)).toEqual([name]);
    expect(broken[0]?.ids.length).toBeGreaterThan(0);
  });

  test('G1 every invariant has been seen to fail', () => {
    const failing = invariants.filter(({ severity }) => severity !== 'report');
    expect(failing.map(({ name }) => name).toSorted()).toEqual(breaks.map(({ name }) => name).toSorted());
  });

  test('N2 a mail that may have gone out twice is reported and breaks nothing', async () => {
    const checked = await auditAfter(`update notice set attempts = 2 where state = 'sent'`);
    expect(checked.filter(isBroken)).toEqual([]);
    const perhaps = checked.find(({ name }) => name === 'notice-perhaps-twice');
    expect(perhaps?.violations).toBeGreaterThan(0);
  });
});
