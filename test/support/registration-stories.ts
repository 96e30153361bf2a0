import { v7 as uuid } from 'uuid';
import type { LibraryPolicy } from '../../domain/policy.ts';
import type { ReviewDecision } from '../../domain/registration.ts';
import { createApplications } from './applications.ts';
import { type Backend, until } from './carrel.ts';

/** The service account's applicants have two seconds to answer. */
export function shortReviews(policy: LibraryPolicy): LibraryPolicy {
  const procedures = policy.registration.procedures.map((procedure) =>
    procedure.needsAccount ? { ...procedure, lapse: { ...procedure.lapse, unanswered: 'PT2S' } } : procedure,
  );
  return { ...policy, registration: { ...policy.registration, procedures } };
}

/** Whole lives of registrations; each answers the workflow id it has brought to its end. */
export function createRegistrationStories({ orm, build, commands, client }: Backend) {
  const { library } = build;
  const applications = createApplications(orm, library);
  const ended = async (applicationId: string) => {
    const workflowId = `registration:${applicationId}`;
    await client.workflow.getHandle(workflowId).result();
    return workflowId;
  };
  const apply = async (given: Parameters<typeof applications.form>[0]) => {
    const { applicationId } = await applications.form(given);
    await commands.submitApplication({ applicationId, library });
    return applicationId;
  };
  const service = async () =>
    apply({ procedure: 'ill', patronId: (await build.patron()).id, phone: '092-000-0001' });
  /** Every mail so far has gone out, so that histories do not depend on who was quicker. */
  const mailed = (applicationId: string) =>
    until(
      async () =>
        orm.em
          .fork()
          .execute('select from notice where subject_id = ? and state = ?', [applicationId, 'queued']),
      (queued) => queued.length === 0,
    );
  const decide = async (applicationId: string, decision: ReviewDecision, version = 1) => {
    const { id: remarkId } = await applications.remark('What staff wrote');
    const seen = { state: 'reviewing', version } as const;
    await commands.decideApplication(applicationId, { actor: 'staff:1', decision, seen, remarkId }, uuid());
    await mailed(applicationId);
  };
  const resubmit = async (applicationId: string) => {
    const { version } = await applications.next(applicationId);
    await commands.resubmitApplication(applicationId, { version }, uuid());
  };

  return {
    'registration.approved': async () => {
      const applicationId = await service();
      await mailed(applicationId);
      await decide(applicationId, 'approve');
      return ended(applicationId);
    },
    'registration.corrected': async () => {
      const applicationId = await apply({ procedure: 'web', birthDate: '1990-01-31' });
      await mailed(applicationId);
      await commands.confirmApplication(applicationId, { version: 1 }, uuid());
      await decide(applicationId, 'ask');
      await resubmit(applicationId);
      await decide(applicationId, 'reject', 2);
      await resubmit(applicationId);
      await decide(applicationId, 'approve', 3);
      return ended(applicationId);
    },
    'registration.lapsed': async () => {
      const applicationId = await service();
      await mailed(applicationId);
      await decide(applicationId, 'ask');
      return ended(applicationId);
    },
    'registration.withdrawn': async () => {
      const applicationId = await apply({ procedure: 'web', birthDate: '1990-01-31' });
      await mailed(applicationId);
      const actor = `applicant:${applicationId}` as const;
      await commands.withdrawApplication(applicationId, { actor }, uuid());
      return ended(applicationId);
    },
    'registration.refused': async () => ended(await apply({ procedure: 'campus' })),
  };
}
