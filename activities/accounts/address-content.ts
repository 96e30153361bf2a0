import { EmailConfirmation, type Notice } from '../../db/entities/index.ts';
import type { Tx } from '../../db/transaction.ts';
import { emailFailures } from '../../domain/email.ts';
import { emailLinkSecret } from '../../domain/email-link.ts';
import type { NoticeContent } from '../../notices/content.ts';
import type { ActivityDeps } from '../deps.ts';

/** What a notice about an e-mail address tells (A11); undefined for notices about anything else. */
export async function addressContent(
  deps: ActivityDeps,
  tx: Tx,
  { kind, content }: Notice,
): Promise<NoticeContent | undefined> {
  switch (kind) {
    case 'confirm-email':
      return confirmation(deps, tx, String(content.confirmationId));
    case 'email-registered':
    case 'email-changed':
    case 'test-mail':
      return { kind, data: {} };
    case 'email-failing': {
      const reason = emailFailures.find((each) => each === content.reason) ?? 'bounced';
      return { kind, data: { reason, pending: content.pending === true } };
    }
    default:
      return undefined;
  }
}

async function confirmation(
  { secret, publicUrl }: ActivityDeps,
  tx: Tx,
  confirmationId: string,
): Promise<NoticeContent> {
  const asked = await tx.findOneOrFail(EmailConfirmation, { id: confirmationId });
  const url = `${publicUrl}/email-confirmations/${asked.id}#${emailLinkSecret(secret, asked.id)}`;
  return { kind: 'confirm-email', data: { url, validUntil: asked.expiresAt.getTime() } };
}
