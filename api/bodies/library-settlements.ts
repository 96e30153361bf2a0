import type { z } from 'zod';
import type {
  PeerBalanceRow,
  PositionRow,
  SettlementLineRow,
  SettlementRow,
} from '../../db/queries/ill-settlements.ts';
import type { Compared } from '../../domain/ill-settlement.ts';
import type * as schemas from '../schemas/library-settlements.ts';
import { iso } from '../schemas/values.ts';
import { peerName } from './outside-requests.ts';
import type { Words } from '../words.ts';
import { moneyOf } from './desk.ts';

const at = (ms: number | null): string | null => (ms === null ? null : iso(ms));

export function settlementBody(row: SettlementRow, words: Words): z.input<typeof schemas.librarySettlement> {
  const { id, number, peer, state, lines, free, disputed, settledBy, nettingId } = row;
  return {
    id,
    number,
    peer,
    peerName: peerName(words, peer),
    from: row.fromOn,
    to: row.toOn,
    state,
    stateText: words.text(`librarySettlement.state.${state}`),
    total: moneyOf(words, Number(row.total), row.currency),
    lines,
    free,
    disputed,
    drawnAt: iso(row.drawnAt),
    sentAt: at(row.sentAt),
    ourConfirmedAt: at(row.ourConfirmedAt),
    theirConfirmedAt: at(row.theirConfirmedAt),
    settledAt: at(row.settledAt),
    settledBy,
    nettingId,
  };
}

export function settlementDetail(
  row: SettlementRow,
  lines: readonly SettlementLineRow[],
  compared: readonly Compared[] | undefined,
  words: Words,
): z.input<typeof schemas.librarySettlementDetail> {
  const shown = (minor: string | bigint) => moneyOf(words, Number(minor), row.currency);
  const known = (minor: bigint | null) => (minor === null ? null : shown(minor));
  return {
    ...settlementBody(row, words),
    items: lines.map(({ amount, at: ms, ...line }) => ({ ...line, amount: shown(amount), at: iso(ms) })),
    compared:
      compared?.map(({ side, reference, ours, theirs, difference }) => ({
        side,
        reference,
        ours: known(ours),
        theirs: known(theirs),
        difference,
        differenceText: words.text(`librarySettlement.difference.${difference}`),
      })) ?? null,
  };
}

export function balanceBody(row: PeerBalanceRow, words: Words): z.input<typeof schemas.peerBalance> {
  const { peer, supplied, obtained, free, currency } = row;
  const shown = (minor: string) => moneyOf(words, Number(minor), currency);
  return {
    peer,
    peerName: peerName(words, peer),
    balance: shown(row.balance),
    inSettlement: shown(row.inSettlement),
    supplied,
    obtained,
    free,
  };
}

/** @param nameOf what a library of the installation is called */
export function positionBody(
  row: PositionRow,
  words: Words,
  nameOf: (library: string) => string,
): z.input<typeof schemas.nettingPosition> {
  const { nettingId, currency, settledBy } = row;
  const shown = (minor: string) => moneyOf(words, Number(minor), currency);
  return {
    nettingId,
    amount: shown(row.amount),
    nettedAt: iso(row.nettedAt),
    settledAt: at(row.settledAt),
    settledBy,
    positions: row.positions.map(({ library, amount }) => ({
      library,
      name: nameOf(library),
      amount: shown(amount),
    })),
  };
}
