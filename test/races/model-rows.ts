import { v7 as uuid } from 'uuid';
import type { ActivityBench } from '../support/activities.ts';
import type { Act } from './model.ts';
import { createActs, refusals } from './race.ts';

const start = Date.UTC(2026, 5, 1, 10);

/** What the model does, done by the activities on rows: titles and readers of their own, at a time that moves on with each act. */
export async function createRows(
  bench: ActivityBench,
  { titles, copies, names }: { titles: number; copies: number; names: readonly string[] },
) {
  const act = createActs(bench);
  const shelf: { id: string; items: string[] }[] = [];
  for (let title = 0; title < titles; title += 1) {
    const { id } = await bench.build.title();
    const items: string[] = [];
    for (let copy = 0; copy < copies; copy += 1) items.push((await bench.build.item(id)).id);
    shelf.push({ id, items });
  }
  const readers = new Map<string, string>();
  for (const name of names) readers.set(name, (await bench.build.patron()).id);
  const blocks = new Map<string, string>();
  let now = start;

  const idOf = (name: string) => readers.get(name) ?? '';
  const nameOf = (id: string | null) => names.find((name) => idOf(name) === id) ?? 'nobody';
  const titleOf = (title: number) => shelf[title]?.id ?? '';
  const itemOf = ({ title, copy }: { title: number; copy: number }) => shelf[title]?.items[copy] ?? '';
  const openHold = async (where: string, ...values: string[]) =>
    (
      await bench.rows<{ id: string; keep_until: Date }>(
        `select id, keep_until from hold where ended_at is null and ${where}`,
        values,
      )
    )[0];

  async function cancel(reader: string, title: number): Promise<object> {
    const hold = await openHold('patron_id = ? and title_id = ?', idOf(reader), titleOf(title));
    return hold ? act.cancel(hold.id, idOf(reader), now) : { refused: [{ code: 'hold-unknown' }] };
  }

  async function lapse(itemId: string): Promise<object> {
    const hold = await openHold('item_id = ?', itemId);
    if (!hold) return { refused: [{ code: 'hold-unknown' }] };
    now = Math.max(now, new Date(hold.keep_until).getTime());
    return act.look(hold.id, now);
  }

  async function block(reader: string): Promise<object> {
    if (blocks.has(reader)) return {};
    const blockId = uuid();
    blocks.set(reader, blockId);
    return act.block(idOf(reader), now, blockId);
  }

  function lift(reader: string): Promise<object> {
    const blockId = blocks.get(reader) ?? uuid();
    blocks.delete(reader);
    return act.lift(idOf(reader), blockId, now);
  }

  function answerTo(asked: Act): Promise<object> {
    if (asked.do === 'block') return block(asked.reader);
    if (asked.do === 'lift') return lift(asked.reader);
    if (asked.do === 'place') return act.place(idOf(asked.reader), titleOf(asked.title), now);
    if (asked.do === 'cancel') return cancel(asked.reader, asked.title);
    if (asked.do === 'check-out') return act.checkOut(idOf(asked.reader), itemOf(asked), now);
    return asked.do === 'check-in' ? act.checkIn(itemOf(asked), now) : lapse(itemOf(asked));
  }

  async function pictureOf({ id, items }: { id: string; items: string[] }): Promise<string[]> {
    const holds = await bench.rows<{ patron_id: string; state: string }>(
      'select patron_id, state from hold where title_id = ? order by queue_no',
      [id],
    );
    const places = await bench.rows<{ id: string; lent: string | null; kept: string | null }>(
      `select item.id, loan.patron_id as lent, hold.patron_id as kept from item
         left join loan on loan.item_id = item.id and loan.ended_at is null left join hold on hold.id = item.hold_id
       where item.title_id = ?`,
      [id],
    );
    const inWords = (itemId: string) => {
      const at = places.find((place) => place.id === itemId);
      return at?.lent ? `lent to ${nameOf(at.lent)}` : `kept for ${nameOf(at?.kept ?? null)}`;
    };
    return [
      ...holds.map(({ patron_id, state }) => `${nameOf(patron_id)} ${state}`),
      ...items.map((item) => inWords(item)),
    ];
  }

  return {
    now: () => now,
    /** Whether the library did what was asked. */
    apply: async (asked: Act): Promise<boolean> => {
      now += 1_000;
      return refusals(await answerTo(asked)).length === 0;
    },
    picture: () => Promise.all(shelf.map(pictureOf)),
  };
}
