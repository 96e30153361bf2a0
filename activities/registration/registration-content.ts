import { Application, type Notice, Patron, Remark } from '../../db/entities/index.ts';
import { present } from '../../db/locks.ts';
import type { Tx } from '../../db/transaction.ts';
import { applicationSecret } from '../../domain/application-link.ts';
import type { LibraryPolicy } from '../../domain/policy.ts';
import { findProcedure } from '../../domain/policy-registration.ts';
import type { NoticeContent } from '../../notices/content.ts';
import type { ActivityDeps } from '../deps.ts';

interface Letter {
  readonly notice: Notice;
  readonly policy: LibraryPolicy;
  readonly application: Application;
  readonly procedure: string;
  readonly statusUrl: string;
}

/** What a mail about an application says: to the applicant, or to the reviewers' supervisor. */
export async function applicationContent(
  { secret, publicUrl, policies }: ActivityDeps,
  tx: Tx,
  notice: Notice,
): Promise<NoticeContent> {
  const application = await tx.findOneOrFail(Application, { id: notice.subjectId });
  const policy = policies.get(notice.library);
  const { id } = application;
  const page = `${publicUrl}/applications/${id}`;
  const statusUrl = `${page}#${applicationSecret(secret, { to: 'access', applicationId: id })}`;
  const procedure =
    findProcedure(policy, application.procedure)?.name[notice.language] ?? application.procedure;
  const letter = { notice, policy, application, procedure, statusUrl };
  if (notice.kind === 'application-confirm') {
    const version = Number(notice.content.version);
    const confirm = applicationSecret(secret, { to: 'confirm', applicationId: id, version });
    return {
      kind: 'application-confirm',
      data: {
        procedure,
        statusUrl,
        url: `${page}/confirmations/${version}#${confirm}`,
        validUntil: Number(notice.content.validUntil),
      },
    };
  }
  return contentOf(tx, letter);
}

async function contentOf(tx: Tx, letter: Letter): Promise<NoticeContent> {
  const { notice, policy, application, procedure, statusUrl } = letter;
  const { content } = notice;
  const review = findProcedure(policy, application.procedure)?.review;
  switch (notice.kind) {
    case 'application-received': {
      const due = typeof content.due === 'number' ? content.due : undefined;
      return { kind: notice.kind, data: { procedure, statusUrl, due, phone: review?.phone ?? policy.phone } };
    }
    case 'application-question':
    case 'application-rejected':
      return {
        kind: notice.kind,
        data: {
          procedure,
          statusUrl,
          remark: await remarkIn(tx, content),
          validUntil: Number(content.validUntil),
        },
      };
    case 'application-refused':
      return { kind: notice.kind, data: { procedure, remark: await remarkIn(tx, content) } };
    case 'application-approved':
      return { kind: notice.kind, data: await approved(tx, letter) };
    case 'application-merged':
    case 'application-lapsed':
      return { kind: notice.kind, data: { procedure } };
    case 'application-overdue':
      return {
        kind: notice.kind,
        data: {
          procedure,
          applicationId: application.id,
          submittedAt: application.submittedAt.getTime(),
          due: Number(content.due),
        },
      };
    default:
      throw new Error(`There is no text for notice ${notice.kind} about an application.`);
  }
}

async function approved(tx: Tx, { application, policy, procedure }: Letter) {
  const patron = await tx.findOneOrFail(Patron, { id: present(application.patronId, 'card of an approval') });
  const newAccount = findProcedure(policy, application.procedure)?.needsAccount !== true;
  return { procedure, card: patron.card, newAccount, validUntil: patron.expiresOn ?? undefined };
}

async function remarkIn(tx: Tx, { remarkId }: Notice['content']): Promise<string> {
  return (await tx.findOneOrFail(Remark, { id: String(remarkId) })).text;
}
