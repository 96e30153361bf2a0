import { SupplyRequest } from '../../../db/entities/index.ts';
import type { Tx } from '../../../db/transaction.ts';
import type { RequestBody } from '../../peers/queue.ts';

type PassedOn = Pick<RequestBody, 'requestedDeliveryInfo' | 'patronInfo'>;

/** What of a member's request goes on to the supplier as it came: the thing itself goes straight to the member's reader (I5). */
export async function partPassedOn(tx: Tx, supplyId: string): Promise<PassedOn> {
  const supply = await tx.findOneOrFail(SupplyRequest, { id: supplyId });
  const { requestedDeliveryInfo, requestingAgencyInfo, patronInfo } = supply.delivery as Partial<RequestBody>;
  const addresses = requestingAgencyInfo?.address ?? [];
  const wanted =
    requestedDeliveryInfo ?? addresses.map((address, index) => ({ sortOrder: index + 1, address }));
  return {
    ...(wanted.length > 0 && { requestedDeliveryInfo: wanted }),
    ...(patronInfo && { patronInfo }),
  };
}
