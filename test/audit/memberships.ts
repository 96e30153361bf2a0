import { v7 as uuid } from 'uuid';
import type { ActivityBench } from '../support/activities.ts';
import { createBuilders } from '../support/builders.ts';

const desk = 'staff:00000000-0000-7000-8000-000000000001';

/**
 * Usage fees in the library that takes one, all as they should be; `begin` is epoch milliseconds. One paid by the main card for a family, one still owed in part, one
 * dropped when its card became a sub card, one of a user group that pays none, and one whose payment was taken back. Answers cards and charges for the breaks.
 */
export async function tellMemberships({ orm, activities, rows }: ActivityBench, begin: number) {
  const library = 'bibliotheca';
  const build = createBuilders(orm, library, new Date(begin));
  const step = (second: number) =>
    ({ operation: `membership/${uuid()}`, now: begin + second * 1_000, actor: desk }) as const;
  const card = (userGroup = 'main-card') => build.patron({ userGroup, paidUntil: '2026-06-10' });
  const raise = async (second: number, patronId: string) => {
    await activities.lookAtMembership({ patronId, now: begin + second * 1_000 });
    const [charge] = await rows<{ id: string }>('select id from charge where patron_id = ?', [patronId]);
    return charge?.id ?? '';
  };
  const pay = async (second: number, patronId: string, chargeId: string, amountMinor: number) => {
    const paymentId = uuid();
    const lines = [{ chargeId, amountMinor }];
    const wish = { paymentId, patronId, lines, means: 'cash', branch: 'zentrale', ...step(second) } as const;
    const outcome = await activities.takePayment(wish);
    if ('refused' in outcome) throw new Error(JSON.stringify(outcome));
    return paymentId;
  };

  const [main, sub, joining, partly, regretful, free] = [
    await card(),
    await card(),
    await card(),
    await card(),
    await card(),
    await card('institution'),
  ];
  await activities.linkCard({ mainId: main.id, subId: sub.id, ...step(1) });
  const paid = await raise(2, main.id);
  await pay(3, main.id, paid, 2400);
  const dropped = await raise(4, joining.id);
  await activities.linkCard({ mainId: main.id, subId: joining.id, ...step(5) });
  const owing = await raise(6, partly.id);
  await pay(7, partly.id, owing, 1000);
  const takenBack = await pay(9, regretful.id, await raise(8, regretful.id), 2400);
  const remarkId = uuid();
  await rows('insert into remark (id, library, author, text, created_at) values (?, ?, ?, ?, ?)', [
    remarkId,
    library,
    uuid(),
    'Wrong reader',
    new Date(begin),
  ]);
  await activities.reversePayment({ paymentId: takenBack, library, remarkId, ...step(10) });
  await raise(11, free.id);
  await rows(
    `update notice set state = 'sent', settled_at = created_at, recipient = 'a@reader.example', attempts = 1, subject = 's', body_text = 't', body_html = 'h'
     where state = 'queued' and library = ? and channel = 'mail'`,
    [library],
  );
  return { main: main.id, sub: sub.id, paid, dropped, owing };
}
