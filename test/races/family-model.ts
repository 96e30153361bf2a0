/** Families as a librarian would explain them: no database, one desk, days counted from the first. */
export interface Model {
  readonly cards: ReadonlyMap<string, Card>;
  today: number;
}

interface Card {
  main: Card | null;
  /** The last day that is paid for. */
  paidUntil: number;
  blocked: boolean;
  closed: boolean;
  /** Charges other than the usage fee, in minor units. */
  owes: number;
  /** The usage fee that waits for payment: the first day it is for, and how much of it is paid. */
  fee: { readonly dueOn: number; paid: number } | null;
  /** What is paid and not used, in minor units. */
  credit: number;
  /** Its user group pays nothing. */
  readonly exempt: boolean;
}

/** Cards by their names. */
export type Act =
  | { readonly do: 'link'; readonly card: string; readonly main: string }
  | { readonly do: 'hand-over'; readonly card: string; readonly heir: string | null }
  | { readonly do: ActOnOne; readonly card: string }
  | { readonly do: 'wait'; readonly days: number };

export type ActOnOne =
  | 'unlink'
  | 'block'
  | 'lift'
  | 'close'
  | 'charge'
  | 'use'
  | 'raise'
  | 'look'
  | 'pay'
  | 'pay-half';

export const overdueMinor = 50;
/** The usage fee: for so many days, raised so many days ahead. */
export const fee = { amountMinor: 1_000, days: 30, ahead: 10 } as const;
/** These pay none. */
export const exemptCards: readonly string[] = ['Emil'];

export function createModel(given: Readonly<Record<string, number>>): Model {
  const card = (name: string, paidUntil: number): Card => ({
    main: null,
    paidUntil,
    blocked: false,
    closed: false,
    owes: 0,
    fee: null,
    credit: 0,
    exempt: exemptCards.includes(name),
  });
  const cards = Object.entries(given).map(([name, until]) => [name, card(name, until)] as const);
  return { cards: new Map(cards), today: 0 };
}

const named = ({ cards }: Model, name: string): Card => {
  const card = cards.get(name);
  if (!card) throw new Error(`There is no card ${name}.`);
  return card;
};

const subsOf = ({ cards }: Model, main: Card): Card[] =>
  [...cards.values()].filter((each) => each.main === main);

/** Does what was asked, or answers false when the library refuses it. */
export function apply(model: Model, act: Act): boolean {
  if (act.do === 'wait') return Boolean((model.today += act.days));
  const card = named(model, act.card);
  if (act.do === 'link') return link(model, card, named(model, act.main));
  if (act.do === 'hand-over') return handOver(model, card, act.heir === null ? null : named(model, act.heir));
  return simply[act.do](card, model);
}

/** What concerns one card only. */
const simply = {
  unlink: (card: Card) => card.main !== null && unlink(card),
  block: (card: Card) => (card.blocked = true),
  lift: (card: Card) => !(card.blocked = false),
  charge: (card: Card) => Boolean((card.owes += overdueMinor - use(card, overdueMinor))) || true,
  use: (card: Card, { today }: Model) => !card.closed && !card.blocked && today <= card.paidUntil,
  close: (card: Card, model: Model) => close(model, card),
  raise: (card: Card, model: Model) => raise(model, card),
  look: (card: Card, model: Model) => raise(model, card) || true,
  pay: (card: Card, model: Model) => pay(model, card, fee.amountMinor - (card.fee?.paid ?? 0)),
  'pay-half': (card: Card, model: Model) => pay(model, card, fee.amountMinor / 2),
} as const satisfies Record<ActOnOne, (card: Card, model: Model) => boolean>;

function join(sub: Card, main: Card): boolean {
  sub.main = main;
  sub.paidUntil = Math.max(sub.paidUntil, main.paidUntil);
  sub.credit += sub.fee?.paid ?? 0;
  sub.fee = null;
  return true;
}

/** The clock or the cashier raises the fee of a main or single card once it is time; a card that pays none is extended. */
function raise(model: Model, card: Card): boolean {
  if (card.closed || card.main) return false;
  if (card.fee) return true;
  if (model.today < card.paidUntil - fee.ahead) return false;
  const dueOn = card.paidUntil + 1;
  if (card.exempt) extend(model, card, Math.max(dueOn, model.today));
  else card.fee = { dueOn, paid: 0 };
  if (card.fee && card.credit > 0) pay(model, card, use(card, fee.amountMinor));
  return true;
}

/** Fees are taken from what is paid and not used, as far as it goes (P2). */
function use(card: Card, amountMinor: number): number {
  const used = Math.min(card.credit, amountMinor);
  card.credit -= used;
  return used;
}

/** The fee extends the main card and all its sub cards, from the day it is paid if that is late. */
function pay(model: Model, card: Card, amountMinor: number): boolean {
  if (!card.fee || amountMinor > fee.amountMinor - card.fee.paid) return false;
  card.fee.paid += amountMinor;
  if (card.fee.paid < fee.amountMinor) return true;
  extend(model, card, Math.max(card.fee.dueOn, model.today));
  card.fee = null;
  return true;
}

function extend(model: Model, main: Card, from: number): void {
  for (const card of [main, ...subsOf(model, main)])
    card.paidUntil = Math.max(card.paidUntil, from + fee.days - 1);
}

function link(model: Model, sub: Card, main: Card): boolean {
  const free = sub !== main && !sub.main && !main.main && !sub.closed && !main.closed;
  return free && subsOf(model, sub).length === 0 && join(sub, main);
}

function unlink(sub: Card): boolean {
  sub.main = null;
  return true;
}

function handOver(model: Model, main: Card, heir: Card | null): boolean {
  const subs = subsOf(model, main);
  const fit = !heir || (heir !== main && !heir.closed && (heir.main === null || heir.main === main));
  if (subs.length === 0 || !fit) return false;
  subs.forEach(unlink);
  if (heir) for (const sub of subs.filter((each) => each !== heir)) join(sub, heir);
  return true;
}

/** A fee of which nothing has been paid goes with the card. */
function close(model: Model, card: Card): boolean {
  const owes = card.owes > 0 || (card.fee?.paid ?? 0) > 0;
  if (card.closed || owes || subsOf(model, card).length > 0) return false;
  unlink(card);
  card.fee = null;
  card.closed = true;
  return true;
}

/** A card as both the model and the rows can be shown. */
export interface Shown {
  readonly name: string;
  readonly main: string;
  readonly paidUntil: number;
  readonly blocked: boolean;
  readonly closed: boolean;
  readonly owes: number;
  /** How much of the usage fee is still to be paid; null: none is open. */
  readonly feeOpen: number | null;
  readonly credit: number;
}

/** Each card as rows can be shown as well. */
export function picture({ cards }: Model): Shown[] {
  const nameOf = (card: Card | null) => [...cards].find(([, each]) => each === card)?.[0] ?? 'nobody';
  return [...cards].map(([name, card]) => {
    const { paidUntil, blocked, closed, owes, credit } = card;
    const feeOpen = card.fee && fee.amountMinor - card.fee.paid;
    return { name, main: nameOf(card.main), paidUntil, blocked, closed, owes, feeOpen, credit };
  });
}
