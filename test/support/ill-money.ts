import { v7 as uuid } from 'uuid';
import {
  bookShipped,
  bookSupplied,
  takeBackShipped,
  takeBackSupplied,
} from '../../activities/ill/booking.ts';
import { IllAttempt, IllFormRow, IllRequest, SupplyRequest } from '../../db/entities/index.ts';
import { lockPatron, lockRequest, lockSupply, present } from '../../db/locks.ts';
import { inTransaction } from '../../db/transaction.ts';
import type { IllService } from '../../domain/ill.ts';
import { illPolicy } from '../../domain/policy-ill.ts';
import { illPricesPolicy, type TakeBackReason } from '../../domain/policy-ill-prices.ts';
import { illSettlementPolicy } from '../../domain/policy-ill-settlement.ts';
import type { LibraryPolicy } from '../../domain/policy.ts';
import type { ActivityBench } from './activities.ts';

export type PricesInput = Parameters<typeof illPricesPolicy.parse>[0];

/** A library that charges for what it obtains and supplies. */
export const withPrices =
  (prices: object, settlement: object = {}) =>
  (policy: LibraryPolicy): LibraryPolicy => {
    const ill = policy.ill === 'none' ? illPolicy.parse({ mode: 'distributed' }) : policy.ill;
    if (ill === 'none') return policy;
    return {
      ...policy,
      ill: {
        ...ill,
        prices: illPricesPolicy.parse(prices),
        settlement: illSettlementPolicy.parse(settlement),
      },
    };
  };

export interface ShippedRow {
  readonly library?: string;
  readonly service?: IllService;
  readonly patronId?: string | null;
  readonly peer?: string;
  readonly costMinor?: number | null;
  readonly expectedMinor?: number;
  readonly currency?: string;
  /** Unless stated, more than anything here costs; null: the reader wants to be asked about any price. */
  readonly limit?: number | null;
  /** What it is called between the two. */
  readonly reference?: string;
}

let serial = 0;
const nextRef = (): string => `R-${String((serial += 1)).padStart(5, '0')}`;

/** Requests and supplies as rows, and the bookings of their shipments; `now` is epoch milliseconds. */
export function createIllMoney({ orm, deps, rows, perform, policy }: ActivityBench, now: number) {
  const at = new Date(now);
  const actor = 'system';
  const requested = async (given: ShippedRow = {}) => {
    const {
      library = policy.code,
      service = 'copy',
      patronId = null,
      peer = 'sister',
      limit = 100_000,
    } = given;
    const [requestId, attemptId] = [uuid(), uuid()];
    await inTransaction(orm, async (tx) => {
      const about = {
        library,
        patronId,
        service,
        literature: 'article',
        delivery: 'electronic',
        actor,
      } as const;
      const submitted = { ...about, place: null, submittedAt: at };
      const content = { title: 'A title' };
      const form = {
        address: null,
        beneficiary: null,
        beneficiaryEmail: null,
        copyright: null,
        overridden: [],
      };
      tx.create(IllFormRow, {
        ...submitted,
        ...form,
        id: requestId,
        requestId,
        version: 1,
        content,
        limit: limit === null ? null : BigInt(limit),
      });
      await tx.flush();
      const row = {
        id: requestId,
        number: nextRef(),
        mode: 'distributed',
        title: 'A title',
        formId: requestId,
      } as const;
      tx.create(IllRequest, { ...submitted, ...row, state: 'requested' });
      await tx.flush();
      const { costMinor = 700, expectedMinor, currency = null, reference = nextRef() } = given;
      tx.create(IllAttempt, {
        id: attemptId,
        requestId,
        library,
        position: 1,
        peer,
        ourRef: reference,
        outcome: 'open',
        costMinor: costMinor === null ? null : BigInt(costMinor),
        expectedMinor: expectedMinor === undefined ? null : BigInt(expectedMinor),
        currency,
        sentAt: at,
      });
    });
    return { requestId, attemptId };
  };
  const supplied = async (given: ShippedRow = {}) => {
    const {
      library = policy.code,
      service = 'copy',
      peer = 'sister',
      costMinor = 700,
      currency = null,
    } = given;
    const id = uuid();
    await inTransaction(orm, async (tx) => {
      tx.create(SupplyRequest, {
        id,
        library,
        number: nextRef(),
        peer,
        theirRef: given.reference ?? nextRef(),
        service,
        literature: 'article',
        title: 'A title',
        content: { title: 'A title' },
        delivery: {},
        status: 'WillSupply',
        costMinor: costMinor === null ? null : BigInt(costMinor),
        currency,
        receivedAt: at,
      });
    });
    return id;
  };
  const policyOf = (library = policy.code) => deps.policies.get(library);
  type Ids = Awaited<ReturnType<typeof requested>>;
  const locked = <T>(
    { requestId, attemptId }: Ids,
    work: (
      tx: Parameters<Parameters<typeof inTransaction>[1]>[0],
      row: {
        request: IllRequest;
        attempt: IllAttempt;
        patron: Awaited<ReturnType<typeof lockPatron>>;
      },
    ) => Promise<T>,
  ) =>
    perform(() =>
      inTransaction(orm, async (tx) => {
        const { patronId } = await tx.findOneOrFail(IllRequest, { id: requestId });
        const patron = patronId == null ? undefined : await lockPatron(tx, patronId);
        const request = present(await lockRequest(tx, requestId), 'request');
        const attempt = await tx.findOneOrFail(IllAttempt, { id: attemptId });
        return work(tx, { request, attempt, patron });
      }),
    );
  return {
    requested,
    supplied,
    ship: (ids: Ids, more: { pages?: number; at?: Date } = {}) =>
      locked(ids, (tx, row) => bookShipped(tx, policyOf(row.request.library), { ...row, at, ...more })),
    takeBack: (ids: Ids, why: TakeBackReason = 'not-received') =>
      locked(ids, (tx, { request, attempt }) =>
        takeBackShipped(tx, policyOf(request.library), { request, attempt, why, at }),
      ),
    supply: (id: string, when = at) =>
      perform(() =>
        inTransaction(orm, async (tx) => {
          const supply = present(await lockSupply(tx, id), 'supply');
          await bookSupplied(tx, policyOf(supply.library), supply, when);
        }),
      ),
    takeBackSupply: (id: string, why: TakeBackReason = 'not-received') =>
      perform(() =>
        inTransaction(orm, async (tx) => {
          const supply = present(await lockSupply(tx, id), 'supply');
          await takeBackSupplied(tx, policyOf(supply.library), supply, { why, at });
        }),
      ),
    /** The balance of an account of a library, debit positive. */
    balance: async (account: string, library = policy.code, currency = policyOf(library).currency) => {
      const [row] = await rows<{ sum: number }>(
        `select coalesce(sum(amount), 0)::int as sum from posting join journal on journal.id = journal_id
         where account = ? and library = ? and currency = ?`,
        [account, library, currency],
      );
      return row?.sum ?? 0;
    },
  };
}

export type IllMoney = ReturnType<typeof createIllMoney>;
