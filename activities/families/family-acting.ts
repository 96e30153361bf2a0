import { FamilyConsent } from '../../db/entities/index.ts';
import type { Tx } from '../../db/transaction.ts';
import { civilDay } from '../../domain/calendar.ts';
import { consentHolds } from '../../domain/families.ts';
import type { LibraryPolicy } from '../../domain/policy.ts';
import type { Reason } from '../../domain/refusal.ts';
import type { Actor } from '../../domain/roles.ts';
import { instant } from '../facts.ts';

/**
 * Why somebody may not act for this reader: a reader acts for themselves, or for the sub card whose holds and loans they may manage (F1). Asked under the
 * reader's lock, under which the consent ends too, so that nothing is done for anybody after it was revoked. Staff and the system may.
 *
 * @param now epoch milliseconds
 */
export async function actingReasons(
  tx: Tx,
  policy: LibraryPolicy,
  { patronId, actor, now }: { readonly patronId: string; readonly actor: Actor; readonly now: number },
): Promise<Reason[]> {
  if (!actor.startsWith('patron:') || actor === `patron:${patronId}`) return [];
  const mainId = actor.slice('patron:'.length);
  const consent = await tx.findOne(FamilyConsent, { subId: patronId, mainId, endedAt: null });
  const holds = consent && consentHolds(consent.endsOn ?? null, civilDay(policy, instant(now)));
  return holds ? [] : [{ code: 'consent-unknown' }];
}
