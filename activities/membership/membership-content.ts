import { Charge, MembershipPeriod, type Notice } from '../../db/entities/index.ts';
import type { Tx } from '../../db/transaction.ts';
import { dayBefore } from '../../domain/membership.ts';
import type { NoticeContent } from '../../notices/content.ts';

/** What a notice about the usage fee tells: what is still open of it now. */
export async function membershipContent(tx: Tx, { content }: Notice): Promise<NoticeContent> {
  const period = await tx.findOneOrFail(MembershipPeriod, { id: String(content.periodId) });
  const charge = await tx.findOneOrFail(Charge, { id: period.chargeId ?? '' });
  return {
    kind: 'membership-due',
    data: {
      step: Number(content.step),
      open: { amountMinor: Number(charge.remaining), currency: charge.currency },
      paidUntil: dayBefore(period.dueOn),
    },
  };
}
