import type { z } from 'zod';
import type { DocumentRow } from '../../db/queries/documents.ts';
import { documentNumber, isOutgoing } from '../../domain/documents.ts';
import type { moneyDocument } from '../schemas/documents.ts';
import { iso } from '../schemas/values.ts';
import type { Words } from '../words.ts';
import { moneyOf } from './desk.ts';

/** What is taken back or handed out counts below zero. */
export function signedAmount({ kind, amountMinor }: DocumentRow): number {
  return isOutgoing(kind) ? -amountMinor : amountMinor;
}

/** @param folder the path of the list that it stands in */
export function documentBody(row: DocumentRow, folder: string, words: Words): z.input<typeof moneyDocument> {
  const { id, kind, currency, paymentId, content, issuedAt, cancelled } = row;
  return {
    id,
    kind,
    kindName: words.text(`document.${kind}`),
    number: documentNumber(row),
    issuedAt: iso(issuedAt),
    amount: moneyOf(words, signedAmount(row), currency),
    paymentId,
    cancels: content.cancels ?? null,
    cancelled,
    file: `${folder}/${id}.pdf`,
  };
}
