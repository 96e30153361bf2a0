import { Charge, type Notice, Remark } from '../../db/entities/index.ts';
import type { Tx } from '../../db/transaction.ts';
import type { NoticeContent } from '../../notices/content.ts';

/** What a notice about a disputed charge tells: what was decided, as it was decided (P7). */
export async function disputeContent(tx: Tx, { content }: Notice): Promise<NoticeContent> {
  const { cause, currency } = await tx.findOneOrFail(Charge, { id: String(content.chargeId) });
  const remark = await tx.findOne(Remark, { id: String(content.remarkId) });
  const money = (amountMinor: unknown) => ({ amountMinor: Number(amountMinor), currency });
  const [waivedMinor, debitedMinor] = [Number(content.waivedMinor), Number(content.debitedMinor ?? 0)];
  return {
    kind: 'dispute-decided',
    data: {
      cause,
      ...(waivedMinor > 0 && { waived: money(waivedMinor) }),
      ...(debitedMinor > 0 && { debited: money(debitedMinor) }),
      open: money(content.openMinor),
      remark: remark?.text ?? null,
    },
  };
}
