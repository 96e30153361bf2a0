import { v7 as uuid } from 'uuid';
import type { ReviewDecision } from '../../domain/registration.ts';
import type { ActivityBench } from '../support/activities.ts';
import { createApplications } from '../support/applications.ts';

const reviewer = 'staff:00000000-0000-7000-8000-000000000001';

/** Applications in the states the audit tells apart, all as they should be; `begin` is epoch milliseconds. */
export async function tellRegistrations({ orm, activities, build, rows }: ActivityBench, begin: number) {
  const { library } = build;
  const applications = createApplications(orm, library);
  const step = (second: number) => ({ operation: `registration/${uuid()}`, now: begin + second * 1_000 });
  const send = (id: string) =>
    rows(
      `update notice set state = 'sent', settled_at = created_at, recipient = coalesce(address, 'reader@example.org'), attempts = 1, subject = 's', body_text = 't', body_html = 'h'
       where subject_id = ? and state = 'queued' and channel = 'mail'`,
      [id],
    );
  const reviewed = async () => {
    const { applicationId } = await applications.form({ procedure: 'web', birthDate: '1990-01-31' });
    await activities.submitApplication({ applicationId, library, now: begin });
    await send(applicationId);
    await activities.confirmApplication({ applicationId, version: 1, ...step(1) });
    return applicationId;
  };
  const decide = async (applicationId: string, decision: ReviewDecision) => {
    const { id: remarkId } = await applications.remark('What staff wrote');
    const seen = { state: 'reviewing', version: 1 } as const;
    await activities.decideApplication({
      applicationId,
      decision,
      actor: reviewer,
      seen,
      remarkId,
      ...step(2),
    });
    await send(applicationId);
  };

  const reviewing = await reviewed();
  const questioned = await reviewed();
  await decide(questioned, 'ask');
  const approved = await reviewed();
  await decide(approved, 'approve');
  const refused = await reviewed();
  await decide(refused, 'reject-for-good');
  const erased = await reviewed();
  await decide(erased, 'reject-for-good');
  await activities.lookAtApplication({ applicationId: erased, now: begin + 200_000 });
  return { reviewing, questioned, approved, refused, erased };
}

export type Registrations = Awaited<ReturnType<typeof tellRegistrations>>;
