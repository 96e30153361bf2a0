import { v7 as uuid } from 'uuid';
import { createMembershipCommands } from '../activities/membership/membership.ts';
import { createPaymentCommands } from '../activities/payments/payments.ts';
import type { ActivityDeps } from '../activities/deps.ts';
import { loadPolicies } from '../config/policies.ts';
import { p50, round, timed } from './measure.ts';
import type { Stage } from './stage.ts';

export interface FamilyRenewal {
  readonly mainPlus30Ms: number;
  readonly mainPlus1Ms: number;
  readonly ratio: number;
}

const library = 'bibliotheca';

/** A main card with its sub cards, paid until yesterday. */
async function makeFamily({ sql }: Stage, subs: number): Promise<string> {
  const main = uuid();
  const insert = `insert into patron (id, library, card, name, language, user_group, paid_until, created_at, main_id, linked_at)
    select coalesce(?::uuid, gen_random_uuid()), ?, gen_random_uuid()::text, 'Reader', 'en', 'main-card', current_date - 1, now(),
      ?::uuid, case when ?::uuid is null then null else now() end from generate_series(1, ?::int)`;
  await sql(insert, [main, library, null, null, 1]);
  await sql(insert, [null, library, main, main, subs]);
  return main;
}

/** One payment of the usage fee that extends a school class, against one that extends a single sub card; each is one transaction (F3). */
export async function measureFamilyRenewal(stage: Stage, times: number): Promise<FamilyRenewal> {
  const engine = { wake: async () => undefined } as unknown as ActivityDeps['engine'];
  const deps = { orm: stage.orm, policies: loadPolicies('policies'), engine } as ActivityDeps;
  await stage.sql('insert into library (code, created_at) values (?, now()) on conflict do nothing', [
    library,
  ]);
  const { takePayment } = createPaymentCommands(deps);
  const { raiseMembershipFee } = createMembershipCommands(deps);
  const actor = 'staff:bench' as const;

  const renew = async (subs: number): Promise<number> => {
    const patronId = await makeFamily(stage, subs);
    const step = () => ({ operation: uuid(), now: Date.now(), actor });
    const raised = await raiseMembershipFee({ patronId, ...step() });
    if (!('chargeId' in raised) || raised.chargeId === null) throw new Error('The fee was not raised.');
    const lines = [{ chargeId: raised.chargeId, amountMinor: 2400 }];
    const wish = {
      paymentId: uuid(),
      patronId,
      lines,
      means: 'cash',
      branch: 'zentrale',
      ...step(),
    } as const;
    return timed(async () => {
      if ('refused' in (await takePayment(wish))) throw new Error('The payment was refused.');
    });
  };

  const few: number[] = [];
  const many: number[] = [];
  for (let n = 0; n < times + 5; n += 1) {
    const [small, large] = [await renew(1), await renew(30)];
    if (n < 5) continue;
    few.push(small);
    many.push(large);
  }
  return {
    mainPlus30Ms: round(p50(many)),
    mainPlus1Ms: round(p50(few)),
    ratio: round(p50(many) / p50(few)),
  };
}
