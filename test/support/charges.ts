import { v7 as uuid } from 'uuid';
import { raiseCharge } from '../../activities/charges/money.ts';
import { inTransaction } from '../../db/transaction.ts';
import { lockPatron } from '../../db/locks.ts';
import type { Cause } from '../../domain/causes.ts';
import type { ActivityBench } from './activities.ts';

const desk = 'staff:00000000-0000-7000-8000-000000000001';

/** What a test does with charges; `now` is epoch milliseconds, each step a second later. */
export function createCharges({ activities, orm, policy, rows, build }: ActivityBench, begin: number) {
  let second = 0;
  const step = () => ({ operation: `charges/${uuid()}`, now: begin + (second += 1) * 1_000 });
  const remark = async (text = 'Why') => {
    const id = uuid();
    await rows('insert into remark (id, library, author, text, created_at) values (?, ?, ?, ?, ?)', [
      id,
      policy.code,
      uuid(),
      text,
      new Date(begin),
    ]);
    return id;
  };
  const { code: library } = policy;
  return {
    step,
    remark,
    library,
    reader: () => build.patron({ userGroup: policy.userGroups[0]?.code ?? '' }),
    raise: async (patronId: string, amountMinor = 1000, cause: Cause = 'other', waits?: string) => {
      const { now } = step();
      const subject = { type: 'desk', id: uuid(), library, patronId };
      const given = { cause, amountMinor, ...(waits && { waits }), at: new Date(now), actor: desk } as const;
      const chargeId = await inTransaction(orm, async (tx) => {
        await lockPatron(tx, patronId);
        return raiseCharge(tx, policy, subject, given);
      });
      if (chargeId === undefined) throw new Error('It was charged before.');
      return chargeId;
    },
    waive: (chargeId: string, amountMinor?: number, waiverId = uuid()) =>
      activities.waiveCharge({
        ...step(),
        chargeId,
        library,
        waiverId,
        reason: 'goodwill',
        actor: desk,
        ...(amountMinor !== undefined && { amountMinor }),
      }),
    unwaive: async (waiverId: string) =>
      activities.reverseWaiver({ ...step(), waiverId, library, remarkId: await remark(), actor: desk }),
    takeBack: async (chargeId: string, given: { readonly operation?: string } = {}) =>
      activities.takeBackCharge({
        ...step(),
        chargeId,
        library,
        remarkId: await remark(),
        actor: desk,
        ...given,
      }),
    pay: (patronId: string, chargeId: string, amountMinor: number, branch = policy.branches[0]?.code ?? '') =>
      activities.takePayment({
        ...step(),
        paymentId: uuid(),
        patronId,
        lines: [{ chargeId, amountMinor }],
        means: 'cash',
        branch,
        actor: desk,
      } as never),
    dispute: async (patronId: string, chargeId: string) =>
      activities.disputeCharge({
        ...step(),
        chargeId,
        patronId,
        disputeId: uuid(),
        remarkId: await remark('It was not me.'),
        actor: `patron:${patronId}`,
      }),
    withdraw: (patronId: string, chargeId: string) =>
      activities.withdrawDispute({ ...step(), chargeId, patronId, actor: `patron:${patronId}` }),
    decide: async (chargeId: string, decision: 'uphold' | 'reject', amountMinor?: number) =>
      activities.decideDispute({
        ...step(),
        chargeId,
        library,
        decision,
        waiverId: uuid(),
        remarkId: await remark('We looked.'),
        actor: desk,
        ...(amountMinor !== undefined && { amountMinor }),
      }),
    /** How a charge stands. */
    charge: async (id: string) => {
      const [row] = await rows<{ remaining: number; disputed: boolean; dropped: boolean }>(
        'select remaining::int, disputed_at is not null as disputed, dropped_at is not null as dropped from charge where id = ?',
        [id],
      );
      return row;
    },
    /** The balance of an account, debit positive. */
    balance: async (account: string) => {
      const [row] = await rows<{ sum: number }>(
        'select coalesce(sum(amount), 0)::int as sum from posting where account = ?',
        [account],
      );
      return row?.sum ?? 0;
    },
  };
}

export type Charges = ReturnType<typeof createCharges>;
