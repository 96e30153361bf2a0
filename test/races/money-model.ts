/** One reader's money and one till as a cashier would explain them: no database, amounts in minor units. */
export interface Model {
  readonly charges: Charge[];
  readonly payments: Payment[];
  credit: number;
  limit: number;
  deposit: number;
  till: number;
}

interface Charge {
  readonly amount: number;
  open: number;
  waived: number;
  disputed: boolean;
  /** What staff have decided on a dispute stands. */
  decided: boolean;
  dropped: boolean;
}

interface Payment {
  readonly means: Means;
  readonly amount: number;
  readonly shares: readonly { readonly charge: Charge; readonly amount: number }[];
  reversed: boolean;
}

export type Means = 'cash' | 'card' | 'credit';

/** Charges and payments by their number, counted round. */
export type Act =
  | {
      readonly do: 'charge' | 'payout' | 'overdraft' | 'prepay' | 'deposit' | 'return';
      readonly amount: number;
    }
  | {
      readonly do: 'pay';
      readonly which: number;
      readonly means: Means;
      readonly amount: number;
      readonly prepaid: number;
    }
  | { readonly do: 'waive'; readonly which: number; readonly amount: number }
  | {
      readonly do: 'dispute' | 'withdraw' | 'uphold' | 'reject' | 'drop' | 'reverse';
      readonly which: number;
    };

export const createModel = (): Model => ({
  charges: [],
  payments: [],
  credit: 0,
  limit: 0,
  deposit: 0,
  till: 0,
});

const available = ({ credit, limit }: Model): number => Math.max(0, credit + limit);

/** The one that is meant; undefined while there is none. */
export function nth<T>(list: readonly T[], which: number): T | undefined {
  return list.length === 0 ? undefined : list[which % list.length];
}

/** What is done for each act, as a table. */
export type Acts<A extends unknown[], R> = {
  readonly [D in Act['do']]: (...given: [...A, Extract<Act, { readonly do: D }>]) => R;
};

const acts: Acts<[Model], boolean> = {
  charge: (model, { amount }) => raise(model, amount),
  pay,
  prepay: (model, { amount }) => settle(model, { means: 'cash', amount, shares: [] }),
  reverse: (model, { which }) => reverse(model, nth(model.payments, which)),
  waive: ({ charges }, { which, amount }) => waive(nth(charges, which), amount),
  drop: (model, { which }) => drop(model, nth(model.charges, which)),
  payout: (model, { amount }) => payOut(model, amount),
  deposit: (model, { amount }) => Boolean((model.deposit += amount) && (model.till += amount)),
  return: (model, { amount }) => giveBack(model, amount),
  overdraft: (model, { amount }) => {
    const refused = -model.credit > amount;
    if (!refused) model.limit = amount;
    return !refused;
  },
  dispute: (model, { which }) => dispute(model, nth(model.charges, which), 'dispute'),
  withdraw: (model, { which }) => dispute(model, nth(model.charges, which), 'withdraw'),
  uphold: (model, { which }) => dispute(model, nth(model.charges, which), 'uphold'),
  reject: (model, { which }) => dispute(model, nth(model.charges, which), 'reject'),
};

/** Does what was asked, or answers false when the library refuses it. */
export function apply(model: Model, act: Act): boolean {
  return (acts[act.do] as (model: Model, act: Act) => boolean)(model, act);
}

/** Fees are taken from the balance as they fall due, as far as it goes (P2). */
function raise(model: Model, amount: number): boolean {
  const charge = { amount, open: amount, waived: 0, disputed: false, decided: false, dropped: false };
  model.charges.push(charge);
  return debit(model, charge);
}

function debit(model: Model, charge: Charge): boolean {
  const used = Math.min(available(model), charge.open);
  if (used > 0) settle(model, { means: 'credit', amount: used, shares: [{ charge, amount: used }] });
  return true;
}

function pay(model: Model, { which, means, amount, prepaid }: Act & { do: 'pay' }): boolean {
  const charge = nth(model.charges, which);
  if (!charge || charge.open === 0 || charge.disputed || amount > charge.open) return false;
  if (means === 'credit' && available(model) < amount) return false;
  const total = amount + (means === 'credit' ? 0 : prepaid);
  return settle(model, { means, amount: total, shares: [{ charge, amount }] });
}

function settle(model: Model, payment: Omit<Payment, 'reversed'>): boolean {
  model.payments.push({ ...payment, reversed: false });
  move(model, payment, 1);
  return true;
}

/** A payment's effect, or with -1 the opposite. */
function move(model: Model, { means, amount, shares }: Omit<Payment, 'reversed'>, sign: 1 | -1): void {
  const allocated = shares.reduce((sum, share) => sum + share.amount, 0);
  for (const share of shares) share.charge.open -= sign * share.amount;
  if (means === 'cash') model.till += sign * amount;
  model.credit += sign * (means === 'credit' ? -amount : amount - allocated);
}

function reverse(model: Model, payment: Payment | undefined): boolean {
  if (!payment || payment.reversed) return false;
  const { means, amount, shares } = payment;
  const given = means === 'credit' ? 0 : amount - shares.reduce((sum, share) => sum + share.amount, 0);
  if (shares.some(({ charge }) => charge.dropped)) return false;
  if (given > 0 && given > available(model)) return false;
  if (means === 'cash' && amount > model.till) return false;
  payment.reversed = true;
  move(model, payment, -1);
  return true;
}

function waive(charge: Charge | undefined, amount: number): boolean {
  if (!charge || charge.open === 0 || charge.disputed || amount > charge.open) return false;
  charge.open -= amount;
  charge.waived += amount;
  return true;
}

/** Staff take back what was a mistake, open or not: what was paid of it is the reader's credit; what was waived is not. */
function drop(model: Model, charge: Charge | undefined): boolean {
  if (!charge || charge.dropped || charge.disputed) return false;
  model.credit += charge.amount - charge.open - charge.waived;
  Object.assign(charge, { open: 0, dropped: true });
  return true;
}

/** What is due again is taken from the balance like what falls due (P2, P7). */
function dispute(
  model: Model,
  charge: Charge | undefined,
  what: 'dispute' | 'withdraw' | 'uphold' | 'reject',
): boolean {
  if (!charge) return false;
  if (what === 'dispute') {
    if (charge.open === 0 || charge.disputed || charge.decided) return false;
    return (charge.disputed = true);
  }
  if (!charge.disputed) return false;
  charge.disputed = false;
  charge.decided = what !== 'withdraw';
  return what === 'uphold' ? waive(charge, charge.open) : debit(model, charge);
}

function payOut(model: Model, amount: number): boolean {
  if (model.credit < amount || model.till < amount) return false;
  model.credit -= amount;
  model.till -= amount;
  return true;
}

function giveBack(model: Model, amount: number): boolean {
  if (model.deposit < amount || model.till < amount) return false;
  model.deposit -= amount;
  model.till -= amount;
  return true;
}

/** As both the model and the rows can be shown. */
export interface Shown {
  readonly open: readonly number[];
  readonly credit: number;
  readonly deposit: number;
  readonly till: number;
}

export const picture = ({ charges, credit, deposit, till }: Model): Shown => ({
  open: charges.map(({ open }) => open),
  credit,
  deposit,
  till,
});
