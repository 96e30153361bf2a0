/** Titles' queues as a librarian would explain them: no times, no database, one desk. */
export interface Model {
  readonly titles: readonly Title[];
  readonly blocked: Set<string>;
}

interface Title {
  readonly copies: Copy[];
  /** First come first. */
  readonly queue: Place[];
  readonly blocked: ReadonlySet<string>;
}

interface Copy {
  /** `free`: in the house and nobody's. */
  at: 'free' | { readonly lentTo: string } | { readonly keptFor: Place };
}

interface Place {
  readonly reader: string;
  state: 'waiting' | 'secured' | 'collected' | 'lapsed' | 'cancelled';
}

/** Titles and copies by their numbers. */
export type Act =
  | { readonly do: 'block'; readonly reader: string }
  | { readonly do: 'lift'; readonly reader: string }
  | { readonly do: 'place'; readonly title: number; readonly reader: string }
  | { readonly do: 'cancel'; readonly title: number; readonly reader: string }
  | { readonly do: 'check-out'; readonly title: number; readonly copy: number; readonly reader: string }
  | { readonly do: 'check-in' | 'lapse'; readonly title: number; readonly copy: number };

export function createModel(size: { titles: number; copies: number }): Model {
  const blocked = new Set<string>();
  const copies = (): Copy[] => Array.from({ length: size.copies }, () => ({ at: 'free' }));
  const titles = Array.from({ length: size.titles }, () => ({ copies: copies(), queue: [], blocked }));
  return { titles, blocked };
}

const isOpen = ({ state }: Place): boolean => state === 'waiting' || state === 'secured';
const openOf = ({ queue }: Title, reader: string) =>
  queue.find((each) => isOpen(each) && each.reader === reader);
const lentTo = ({ at }: Copy): string | undefined =>
  typeof at === 'object' && 'lentTo' in at ? at.lentTo : undefined;
const keptFor = ({ at }: Copy): Place | undefined =>
  typeof at === 'object' && 'keptFor' in at ? at.keptFor : undefined;

function numbered<T>(list: readonly T[], index: number): T {
  const found = list[index];
  if (found === undefined) throw new Error(`There is no number ${index}.`);
  return found;
}

/** Gives a copy to the first who waits and may have it, or leaves it free. */
function serve(title: Title, copy: Copy): void {
  const next = title.queue.find(({ state, reader }) => state === 'waiting' && !title.blocked.has(reader));
  copy.at = next ? { keptFor: next } : 'free';
  if (next) next.state = 'secured';
}

/** Does what was asked, or answers false when the library refuses it. */
export function apply(model: Model, act: Act): boolean {
  if (act.do === 'block') return Boolean(model.blocked.add(act.reader));
  if (act.do === 'lift') return model.blocked.delete(act.reader);
  const title = numbered(model.titles, act.title);
  if (act.do === 'place') return place(title, act.reader);
  if (act.do === 'cancel') return cancel(title, act.reader);
  const copy = numbered(title.copies, act.copy);
  if (act.do === 'check-out') return checkOut(title, act.reader, copy);
  return act.do === 'check-in' ? checkIn(title, copy) : lapse(title, copy);
}

function place(title: Title, reader: string): boolean {
  const has = openOf(title, reader) || title.copies.some((copy) => lentTo(copy) === reader);
  if (has || title.blocked.has(reader) || title.copies.some(({ at }) => at === 'free')) return false;
  title.queue.push({ reader, state: 'waiting' });
  return true;
}

function cancel(title: Title, reader: string): boolean {
  const own = openOf(title, reader);
  if (own?.state !== 'waiting') return false;
  own.state = 'cancelled';
  return true;
}

function checkOut(title: Title, reader: string, copy: Copy): boolean {
  const own = openOf(title, reader);
  if (title.blocked.has(reader) || lentTo(copy)) return false;
  const kept = keptFor(copy);
  if (kept && kept !== own) return false;
  if (!kept && isBehind(title, reader, own)) return false;
  copy.at = { lentTo: reader };
  if (!own) return true;
  own.state = 'collected';
  const other = title.copies.find((each) => keptFor(each) === own);
  if (other) serve(title, other);
  return true;
}

function isBehind(title: Title, reader: string, own: Place | undefined): boolean {
  const before = own ? title.queue.slice(0, title.queue.indexOf(own)) : title.queue;
  return before.some(
    (each) => each.state === 'waiting' && each.reader !== reader && !title.blocked.has(each.reader),
  );
}

function checkIn(title: Title, copy: Copy): boolean {
  if (!keptFor(copy)) serve(title, copy);
  return true;
}

function lapse(title: Title, copy: Copy): boolean {
  const kept = keptFor(copy);
  if (!kept) return false;
  kept.state = 'lapsed';
  serve(title, copy);
  return true;
}

/** Each title's queue and copies in words that rows can be put into as well. */
export function picture({ titles }: Model): string[][] {
  return titles.map(({ queue, copies }) => [
    ...queue.map(({ reader, state }) => `${reader} ${state}`),
    ...copies.map((copy) => {
      const lent = lentTo(copy);
      return lent ? `lent to ${lent}` : `kept for ${keptFor(copy)?.reader ?? 'nobody'}`;
    }),
  ]);
}
