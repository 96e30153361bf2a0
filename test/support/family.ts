import { v7 as uuid } from 'uuid';
import { Patron } from '../../db/entities/index.ts';
import type { ActivityBench } from './activities.ts';

export const desk = 'staff:00000000-0000-7000-8000-000000000001';

type Given = Parameters<ActivityBench['build']['patron']>[0];

/** What staff decide about families, in short; `now` is epoch milliseconds. */
export function createFamilies({ perform, build, orm, rows }: ActivityBench, start: number) {
  const step = (now: number) => ({ operation: `command:family:${uuid()}`, now, actor: desk }) as const;
  const families = {
    link: (subId: string, mainId: string, now = start) =>
      perform((does) => does.linkCard({ subId, mainId, ...step(now) })),
    unlink: (subId: string, now = start) => perform((does) => does.unlinkCard({ subId, ...step(now) })),
    handOver: (mainId: string, heirId: string | null, now = start) =>
      perform((does) => does.handOverSubs({ mainId, heirId, ...step(now) })),
    close: (patronId: string, now = start) => perform((does) => does.closePatron({ patronId, ...step(now) })),
    /** The sub card's holder agrees that the main card's holder manages its holds and loans. */
    agree: (subId: string, now = start) =>
      perform((does) =>
        does.giveConsent({
          subId,
          consentId: uuid(),
          basis: 'holder',
          ...step(now),
          actor: `patron:${subId}`,
        }),
      ),
    disagree: (subId: string, now = start) =>
      perform((does) => does.endConsent({ subId, ...step(now), actor: `patron:${subId}` })),
    /** A main card with sub cards. */
    family: async (subs: number, given: Given = {}, ofSubs: Given = {}) => {
      const main = await build.patron(given);
      const made: Patron[] = [];
      for (let n = 0; n < subs; n += 1) {
        const sub = await build.patron(ofSubs);
        await families.link(sub.id, main.id);
        made.push(sub);
      }
      return { main, subs: made };
    },
    card: (id: string) => orm.em.fork().findOneOrFail(Patron, { id }),
    /** Kinds of the events of a card, in order. */
    story: async (id: string) =>
      (await rows<{ kind: string }>('select kind from event where subject_id = ? order by seq', [id])).map(
        ({ kind }) => kind,
      ),
  };
  return families;
}

export type Families = ReturnType<typeof createFamilies>;
