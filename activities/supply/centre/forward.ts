import { v5 } from 'uuid';
import { IllFormRow } from '../../../db/entities/index.ts';
import type { LiteratureType } from '../../../domain/ill.ts';
import { requestKeys, requestSearchText } from '../../../domain/request-keys.ts';
import { insertRequest } from '../../ill/begin.ts';
import { type SupplyInHand, tell } from '../desk.ts';

/** The name space of the ids of forwarded requests; it must never change. */
const nameSpace = '3c1f9c0a-7d0e-5b0b-9a55-2f6c7e1d8a40';

/** The id of the request of our own as which an outside request is passed on, known before there is a row of it. */
export const forwardedId = (supplyId: string): string => v5(supplyId, nameSpace);

/**
 * A centre passes a member's request on (I5): it becomes a request of its own, whose suppliers are chosen by their holdings. Where it goes, and for whom, stays with the outside request only, and is passed on
 * from there.
 */
export async function forward(hand: SupplyInHand): Promise<void> {
  const { deps, tx, supply, at, rouse } = hand;
  const id = forwardedId(supply.id);
  const { library, service, literature, content, deliveryKind, limitMinor } = supply;
  const form = tx.create(IllFormRow, {
    id,
    requestId: id,
    version: 1,
    library,
    service,
    literature: literature as LiteratureType,
    content,
    delivery: deliveryKind,
    limit: limitMinor ?? null,
    overridden: [],
    workKeys: requestKeys(literature as LiteratureType, content),
    searchText: requestSearchText(content),
    actor: 'system',
    submittedAt: at,
  });
  await tx.flush();
  await insertRequest(deps, tx, form, { at, actor: 'system', onBehalfOf: supply.id });
  tell(hand, 'supply-relayed', { requestId: id });
  rouse.push({ process: 'ill', id, library, patronId: null });
}
