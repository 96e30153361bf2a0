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
}

/** Cards by their names. */
export type Act =
  | { readonly do: 'link'; readonly card: string; readonly main: string }
  | { readonly do: 'hand-over'; readonly card: string; readonly heir: string | null }
  | { readonly do: 'unlink' | 'block' | 'lift' | 'close' | 'charge' | 'use'; readonly card: string }
  | { readonly do: 'wait'; readonly days: number };

export const feeMinor = 50;

export function createModel(paidUntil: Readonly<Record<string, number>>): Model {
  const card = (until: number): Card => ({
    main: null,
    paidUntil: until,
    blocked: false,
    closed: false,
    owes: 0,
  });
  const cards = Object.entries(paidUntil).map(([name, until]) => [name, card(until)] as const);
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
  charge: (card: Card) => Boolean((card.owes += feeMinor)),
  use: (card: Card, { today }: Model) => !card.closed && !card.blocked && today <= card.paidUntil,
  close: (card: Card, model: Model) => close(model, card),
} as const;

function join(sub: Card, main: Card): boolean {
  sub.main = main;
  sub.paidUntil = Math.max(sub.paidUntil, main.paidUntil);
  return true;
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

function close(model: Model, card: Card): boolean {
  if (card.closed || card.owes > 0 || subsOf(model, card).length > 0) return false;
  unlink(card);
  card.closed = true;
  return true;
}

/** Each card in words that rows can be put into as well. */
export function picture({ cards }: Model): string[] {
  const nameOf = (card: Card | null) => [...cards].find(([, each]) => each === card)?.[0] ?? 'nobody';
  return [...cards].map(([name, card]) =>
    describe({ name, ...card, main: nameOf(card.main), paidUntil: card.paidUntil }),
  );
}

/** One card's line in a picture. */
export function describe(card: {
  readonly name: string;
  readonly main: string;
  readonly paidUntil: number;
  readonly blocked: boolean;
  readonly closed: boolean;
  readonly owes: number;
}): string {
  const { name, main, paidUntil, blocked, closed, owes } = card;
  return `${name}: with ${main}, paid until ${paidUntil}, owes ${owes}${blocked ? ', blocked' : ''}${closed ? ', closed' : ''}`;
}
