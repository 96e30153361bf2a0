import type { ActivityDeps } from '../deps.ts';
import {
  type ActOnSettlement,
  confirmSettlement,
  type ConfirmSettlement,
  sendSettlement,
  withdrawSettlement,
} from './confirm.ts';
import { drawByStaff, type DrawSettlements } from './draw.ts';
import { decideLine, type DecideLine, disputeLine, type DisputeLine } from './lines.ts';
import { netSettlements, type NetSettlements } from './netting.ts';
import { payPosition, type PayPosition, paySettlement, type PaySettlement } from './pay.ts';

/** What staff do about what libraries owe each other (I17). */
export function createLibrarySettlementCommands(deps: ActivityDeps) {
  return {
    drawLibrarySettlements: (step: DrawSettlements) => drawByStaff(deps, step),
    sendLibrarySettlement: (step: ActOnSettlement) => sendSettlement(deps, step),
    confirmLibrarySettlement: (step: ConfirmSettlement) => confirmSettlement(deps, step),
    withdrawLibrarySettlement: (step: ActOnSettlement) => withdrawSettlement(deps, step),
    disputeSettlementLine: (step: DisputeLine) => disputeLine(deps, step),
    decideSettlementLine: (step: DecideLine) => decideLine(deps, step),
    payLibrarySettlement: (step: PaySettlement) => paySettlement(deps, step),
    netLibrarySettlements: (step: NetSettlements) => netSettlements(deps, step),
    payNettingPosition: (step: PayPosition) => payPosition(deps, step),
  };
}
