import { createHash } from 'node:crypto';
import { v7 as uuid } from 'uuid';
import type { GatewayPayment, PaymentGateway } from '../../activities/gateways/payment-gateway.ts';
import type { Destination } from '../../activities/reconciliation/assign-return.ts';
import { reconcileDay } from '../../activities/reconciliation/reconcile-day.ts';
import { settlePayment } from '../../activities/payments/settle-payment.ts';
import { Checkout, GatewayCapture, Payment, PaymentLine } from '../../db/entities/index.ts';
import { lockFamily, present } from '../../db/locks.ts';
import { keepSettlementFile } from '../../db/settlement-files.ts';
import { inTransaction } from '../../db/transaction.ts';
import type { ActivityBench } from './activities.ts';
import { createCharging } from './payments.ts';

const staff = 'staff:00000000-0000-7000-8000-000000000001' as const;
const head = 'id,kind,payment,payout,gross,fee,net,currency,at';
export const provider = 'online';

/** Money at a gateway: payments that it took, what it lists and writes into settlement files, and the days' comparisons. Minor units; instants as ISO 8601. */
export function createGatewayMoney(bench: ActivityBench) {
  const { orm, policy, perform, rows } = bench;
  const listed: GatewayPayment[] = [];
  const list = async function* (from: number, to: number) {
    yield* listed.filter(({ at }) => from <= at && at < to);
  };
  const gateways = { has: () => true, of: () => ({ list }) as unknown as PaymentGateway };

  /** A fee of a reader's, paid at the gateway and booked. */
  const paid = async (amount: number, at: string, ref = `pi_${uuid()}`) => {
    const { id: patronId } = await bench.build.patron();
    const chargeId = await createCharging(bench, new Date(at))(patronId, amount);
    const id = uuid();
    await inTransaction(orm, async (tx) => {
      const family = present(await lockFamily(tx, patronId), 'card');
      const money = { library: policy.code, provider, currency: policy.currency, amount: BigInt(amount) };
      const [begunAt, expiresAt] = [new Date(at), new Date(at)];
      const own = { prepaid: 0n, received: 0n, actor: 'system', begunAt, expiresAt } as const;
      const payment = tx.create(Payment, {
        id,
        patronId,
        means: 'online',
        state: 'open',
        ...money,
        ...own,
      });
      await tx.flush();
      tx.create(PaymentLine, {
        paymentId: id,
        chargeId,
        position: 0,
        amount: BigInt(amount),
        open: true,
      });
      tx.create(Checkout, { paymentId: id, state: 'paid', kept: 0n, lookedAt: begunAt });
      await tx.flush();
      const { journalId } = await settlePayment(tx, policy, family, payment, {
        operation: `gateway:${policy.code}:${provider}:${ref}`,
        account: `gateway:${provider}`,
        amount: BigInt(amount),
        at: begunAt,
        actor: 'system',
      });
      const capture = { id: uuid(), ref, paymentId: id, journalId, takenAt: begunAt, seenAt: begunAt };
      tx.create(GatewayCapture, { ...capture, ...money });
      await tx.flush();
    });
    listed.push({
      ref,
      paymentId: id,
      amountMinor: amount,
      currency: policy.currency,
      at: Date.parse(at),
    });
    return { paymentId: id, patronId, chargeId, ref };
  };

  return {
    paid,
    /** What the gateway lists; more can be added. */
    listed,
    /** Has the gateway give back money of its own accord. */
    gaveBack: (of: string, amountMinor: number, at: string, ref = `re_${uuid()}`): string => {
      const refund = { of, refundId: null };
      listed.push({
        ref,
        paymentId: null,
        amountMinor,
        currency: policy.currency,
        at: Date.parse(at),
        refund,
      });
      return ref;
    },
    /** Takes in a settlement file with these lines. */
    settle: async (...lines: readonly string[]) => {
      const content = Buffer.from([head, ...lines].join('\n'));
      const hash = createHash('sha256').update(content).digest('hex');
      const given = { library: policy.code, provider, hash, content, actor: staff, at: new Date() };
      const fileId = await keepSettlementFile(orm, { id: uuid(), ...given });
      const step = { library: policy.code, fileId, actor: staff, operation: uuid(), now: Date.now() };
      return perform((does) => does.importSettlement(step));
    },
    /** Compares a day, at the end of the next. */
    run: (day: string) =>
      reconcileDay(
        { ...bench.deps, gateways },
        {
          library: policy.code,
          day,
          actor: 'system',
          now: Date.parse(`${day}T23:59:59Z`) + 24 * 3_600_000,
          last: true,
        },
        () => undefined,
      ),
    assign: async (differenceId: string, destination: Destination, operation = `command:${uuid()}`) => {
      const remarkId = uuid();
      await rows(
        `insert into remark (id, library, author, text, created_at) values (?, ?, ?, 'seen at the provider', now())`,
        [remarkId, policy.code, staff.slice(6)],
      );
      const step = {
        returnId: uuid(),
        differenceId,
        destination,
        library: policy.code,
        remarkId,
        actor: staff,
      };
      return perform((does) => does.assignGatewayReturn({ ...step, operation, now: Date.now() }));
    },
    /** The differences that are open, of some kinds. */
    open: (...kinds: readonly string[]) =>
      rows<{ id: string; kind: string; subject: string; amount: number }>(
        `select id, kind, subject_id as subject, amount::float8 as amount from difference
         where solved_at is null and kind = any(?::text[]) order by kind, amount`,
        [`{${kinds.join(',')}}`],
      ),
    balances: async () =>
      Object.fromEntries(
        (
          await rows<{ account: string; amount: number }>(
            'select account, sum(amount)::float8 as amount from posting group by account having sum(amount) <> 0',
          )
        ).map(({ account, amount }) => [account, amount]),
      ),
    tasks: async (kind: string) =>
      (await rows(`select from task where kind = ? and resolved_at is null`, [kind])).length,
  };
}
