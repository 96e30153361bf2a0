import type { z } from 'zod';
import type { HoldingRow } from '../../db/queries/holdings.ts';
import type { LookupRow } from '../../db/queries/supplier-list.ts';
import type { AskingPolicy } from '../../domain/supplier-facts.ts';
import type { RankedSupplier, Reason } from '../../domain/supplier-order.ts';
import type { holding, supplier, supplierList } from '../schemas/suppliers.ts';
import type { Words } from '../words.ts';
import { moneyOf } from './desk.ts';
import { peerName } from './outside-requests.ts';

export function holdingBody(row: HoldingRow, words: Words): z.input<typeof holding> {
  const { at, coverage, ...rest } = row;
  return {
    ...rest,
    coverage: coverage && coverage.map((run) => ({ ...run })),
    peerName: peerName(words, row.peer),
    statedAt: new Date(at).toISOString(),
  };
}

function reasonText({ code, count, amountMinor, callNumber }: Reason, words: Words): string {
  const amount = amountMinor === undefined ? undefined : moneyOf(words, amountMinor).text;
  const key = code === 'held' && callNumber !== undefined ? 'held-at' : code;
  return words.say(`supplierChoice.${key}`, {
    ...(count !== undefined && { count }),
    ...(amount !== undefined && { amount }),
    ...(callNumber !== undefined && { callNumber }),
  });
}

function supplierBody(
  { peer, position, held, priceMinor, reasons }: RankedSupplier,
  words: Words,
): z.input<typeof supplier> {
  return {
    peer,
    name: peerName(words, peer),
    position,
    callNumber: held?.callNumber ?? null,
    recordId: held?.recordId ?? null,
    price: priceMinor === undefined ? null : moneyOf(words, priceMinor),
    reasons: reasons.map((reason) => ({ code: reason.code, text: reasonText(reason, words) })),
  };
}

export function supplierListBody(
  suppliers: readonly RankedSupplier[],
  lookups: readonly LookupRow[],
  { ill }: AskingPolicy,
  words: Words,
): z.input<typeof supplierList> {
  const nameOf = (code: string) =>
    ill.suppliers.catalogues.find((each) => each.code === code)?.name[words.language] ?? code;
  return {
    items: suppliers.map((each) => supplierBody(each, words)),
    catalogues: lookups.map(({ catalogue, found, error, at }) => ({
      code: catalogue,
      name: nameOf(catalogue),
      found,
      error,
      at: new Date(at).toISOString(),
    })),
  };
}
