import { linesOfSettlement, settlementById } from '../../db/queries/ill-settlements.ts';
import { present } from '../../db/locks.ts';
import type { Notice } from '../../db/entities/index.ts';
import type { LibraryPolicy } from '../../domain/policy.ts';
import { sumOf } from '../../documents/library-settlement.ts';
import type { NoticeContent } from '../../notices/content.ts';
import type { ActivityDeps } from '../deps.ts';
import type { Attachment } from '../gateways/mail.ts';

const rowOf = async ({ orm }: Pick<ActivityDeps, 'orm'>, library: string, id: unknown) =>
  present(await settlementById(orm, library, String(id)), `settlement ${String(id)}`);

/** What the mail with a statement tells: as it is when the mail is written. */
export async function settlementContent(
  deps: ActivityDeps,
  notice: Notice,
): Promise<NoticeContent | undefined> {
  if (notice.kind !== 'library-settlement') return undefined;
  const { number, fromOn, toOn, total, currency } = await rowOf(
    deps,
    notice.library,
    notice.content.settlementId,
  );
  const amount = { amountMinor: Math.abs(Number(total)), currency };
  return { kind: 'library-settlement', data: { number, from: fromOn, to: toOn, amount, sum: sumOf(total) } };
}

/** The statement itself. */
export async function encloseSettlement(
  deps: Pick<ActivityDeps, 'orm' | 'printer'>,
  policy: LibraryPolicy,
  settlementId: unknown,
): Promise<Attachment> {
  const row = await rowOf(deps, policy.code, settlementId);
  const bytes = await deps.printer.settlement(policy, row, await linesOfSettlement(deps.orm, row.id));
  return { name: `${row.number}.pdf`, mediaType: 'application/pdf', bytes };
}
