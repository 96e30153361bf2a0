import { v7 as uuid } from 'uuid';
import { type Answer, type Carrel, until } from './carrel.ts';
import { camt, type WrittenEntry } from './statements.ts';
import { createTransferors } from './transfers.ts';

const cents = (amount: string) => Math.round(Number(amount) * 100);

/** Readers who transfer money, and cashiers who hand in the bank's statements and decide on their entries, over HTTP. */
export async function createBankDesk(carrel: Carrel) {
  const at = createTransferors(carrel);
  const cashier = await at.staff('cashier');
  let [day, balance] = [0, 0];

  const handIn = async (content: Buffer): Promise<Answer> => {
    const response = await fetch(`${carrel.url}/v1/staff/bank-statements?name=statement.xml`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${cashier.token}`,
        'idempotency-key': uuid(),
        'content-type': 'application/xml',
      },
      body: new Uint8Array(content),
    });
    return { status: response.status, headers: response.headers, body: await response.json() };
  };

  const entriesOf = async (file: string) =>
    (await cashier.get(`/v1/staff/bank-entries?file=${file}&limit=50`)).body.items;

  /** Hands in the next statement of the account, waits until its entries are matched, and answers the ids of these, in their order. */
  const statement = async (...entries: WrittenEntry[]): Promise<string[]> => {
    day += 1;
    const from = new Date(Date.now() + day * 86_400_000).toISOString().slice(0, 10);
    const closing = entries.reduce((sum, { amount }) => sum + cents(amount), balance);
    const [before, after] = [balance, closing].map((each) => (each / 100).toFixed(2));
    const marked = entries.map((entry, index) => ({ ref: `R-${day}-${index}`, ...entry }));
    const ends = { opening: before ?? '', closing: after ?? '' };
    const written = camt({ id: `S${day}`, sequence: day, from, ...ends, entries: marked });
    balance = closing;
    const { body } = await handIn(written);
    if (body.state !== 'imported') throw new Error(JSON.stringify(body));
    await until(
      () => cashier.get(`/v1/staff/bank-statements/${body.id}`),
      (seen) => seen.body.finished === true,
    );
    const found: { id: string; reference: string }[] = await entriesOf(body.id);
    const rows = await at.sql<{ id: string; bank_ref: string }>(
      'select id, bank_ref from bank_entry where id = any(?::uuid[])',
      [`{${found.map(({ id }) => id).join(',')}}`],
    );
    return marked.map(({ ref }) => rows.find((row) => row.bank_ref === ref)?.id ?? '');
  };

  /** A reader who is to transfer an amount, in cents, with the reference of the payment. */
  const transferring = async (amountMinor: number, attributes: Parameters<typeof at.reader>[0] = {}) => {
    const reader = await at.reader(attributes);
    const paymentId = await reader.begin(amountMinor, { means: 'bank', way: 'bank' });
    const { reference } = await reader.seen(paymentId);
    return { reader, paymentId, text: `Library ${reference}` };
  };

  const path = (entryId: string, what = '') => `/v1/staff/bank-entries/${entryId}${what}`;

  return {
    ...at,
    cashier,
    statement,
    transferring,
    entry: async (entryId: string) => (await cashier.get(path(entryId))).body,
    decide: (entryId: string, what: string, body: object, who = cashier) =>
      who.post(path(entryId, `/${what}`), body),
    stateOf: async (paymentId: string) =>
      (await at.sql<{ state: string }>('select state from payment where id = ?', [paymentId]))[0]?.state,
    tasks: async (kind: string, subjectId: string) => {
      const { body } = await cashier.get(`/v1/staff/tasks?kind=${kind}&limit=100`);
      return body.items.filter((task: { subjectId: string }) => task.subjectId === subjectId);
    },
    /** What a reader has paid and not used, in cents. */
    credit: async (patronId: string) =>
      (
        await at.sql<{ credit: number }>(
          `select coalesce(-sum(amount), 0)::float8 as credit from posting where account = 'prepaid:' || ?::text`,
          [patronId],
        )
      )[0]?.credit,
  };
}

export type BankDesk = Awaited<ReturnType<typeof createBankDesk>>;
