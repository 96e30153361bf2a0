import { v7 as uuid } from 'uuid';
import { Item, Loan } from '../../db/entities/index.ts';
import type { LibraryPolicy } from '../../domain/policy.ts';
import type { ActivityBench } from './activities.ts';
import type { IllGiven } from './ill-policy.ts';
import { type Obtaining, withPeers } from './obtaining.ts';

/** A librarian at the desk. */
export const desk = { actor: 'staff:0190b0a4-0000-7000-8000-000000000001' } as const;

const usual = { online: true, groups: {} };
const lost = { ...usual, amountMinor: 3000, maxMinor: 10_000, refund: 'price', refundWithin: 'P1Y' } as const;

/** A library with one supplier, which charges 30.00 for what is lost, up to 100.00 if staff say so, and 5.00 for the work with it. */
export const withLossFees =
  (given: IllGiven = {}, loans: Partial<LibraryPolicy['loans']> = {}) =>
  (policy: LibraryPolicy): LibraryPolicy => {
    const fees = { ...policy.money.fees, lost, processing: { ...usual, amountMinor: 500 } };
    const money = { ...policy.money, fees };
    const changed = withPeers(['one'], { obtaining: { review: false }, ...given })(policy);
    return { ...changed, money, loans: { ...changed.loans, ...loans } };
  };

/** What a supplier has lent, at the library and with its reader. */
export function createThings(bench: ActivityBench, ill: Obtaining) {
  const shipped = async () => {
    const patron = await ill.reader();
    const requestId = await ill.begin({ patronId: patron.id, limit: 5_000 });
    await ill.look(requestId);
    await ill.hear(requestId, { status: 'Loaned', statusInfo: { dueDate: '2027-01-15T14:59:59Z' } });
    return { requestId, patron };
  };
  const received = async () => {
    const given = await shipped();
    await ill.act(given.requestId, { act: 'receive', branch: 'main', ...desk });
    const { itemId } = await ill.request(given.requestId);
    return { ...given, itemId: String(itemId) };
  };
  const lent = async () => {
    const given = await received();
    const wish = {
      loanId: uuid(),
      library: bench.policy.code,
      patronId: given.patron.id,
      itemId: given.itemId,
    };
    await bench.perform(({ checkOut }) =>
      checkOut({ ...wish, branch: 'main', actor: desk.actor, now: ill.now() }),
    );
    return given;
  };
  const checkIn = (itemId: string) => {
    const scanId = uuid();
    const scan = { scanId, itemId, branch: 'main', actor: desk.actor, operation: scanId, now: ill.now() };
    return bench.perform((activities) => activities.checkIn(scan));
  };
  /** What a supplier asks that closes a loan without its return. */
  const bill = (monetaryValue: string, currency = bench.policy.currency) => ({
    status: 'CompletedWithoutReturn' as const,
    deliveryInfo: { deliveryCosts: [{ currencyCode: { value: currency }, monetaryValue }] },
  });
  return {
    shipped,
    received,
    lent,
    checkIn,
    bill,
    charges: (patronId: string) =>
      bench.rows<{ cause: string; amount: number; dropped: boolean }>(
        `select cause, amount::int, dropped_at is not null as dropped from charge where patron_id = ? order by cause, raised_at, id`,
        [patronId],
      ),
    item: (id: string) => bench.orm.em.fork().findOneOrFail(Item, { id }),
    loan: (itemId: string) => bench.orm.em.fork().findOneOrFail(Loan, { itemId }),
  };
}
