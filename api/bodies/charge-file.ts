import type { z } from 'zod';
import type { ChargeFileRow, DisputeRow, SettlingRow } from '../../db/queries/charge-file.ts';
import { waiverReasons } from '../../domain/causes.ts';
import type { chargeFile } from '../schemas/charges.ts';
import { iso } from '../schemas/values.ts';
import type { Words } from '../words.ts';
import { chargeBody } from './charges.ts';
import { moneyOf, readerOf } from './desk.ts';
import { entryText } from './statement.ts';
import { isoOrNull } from './hold.ts';
import { actorOf } from './story.ts';

type Body = z.input<typeof chargeFile>;

const isWaiver = ({ kind }: SettlingRow): boolean => kind.startsWith('waiver-');

function waiverBody(row: SettlingRow, words: Words, currency: string): Body['waivers'][number] {
  const reason = waiverReasons.find((each) => each === row.reason) ?? 'other';
  return {
    id: row.id,
    amount: moneyOf(words, row.amount, currency),
    at: iso(row.at),
    by: actorOf(words, row.actor, row.name).name,
    reason,
    reasonName: words.text(`money.waiverReason.${reason}`),
    note: row.note,
    reversed: row.reversed,
  };
}

function disputeBody(row: DisputeRow, words: Words, currency: string): Body['disputes'][number] {
  return {
    id: row.id,
    state: row.state,
    stateName: words.text(`money.dispute.${row.state}`),
    text: row.text,
    disputed: moneyOf(words, row.disputed, currency),
    openedAt: iso(row.openedAt),
    decidedAt: isoOrNull(row.decidedAt),
    by: row.decidedBy === null ? null : actorOf(words, row.decidedBy, row.name).name,
    note: row.note,
  };
}

export function chargeFileBody(row: ChargeFileRow, words: Words): Body {
  const { currency } = row;
  const others = row.settling.filter((each) => !isWaiver(each));
  return {
    ...chargeBody(row, words),
    reader: readerOf(row),
    barcode: row.barcode,
    inPayment: row.inPayment,
    payments: others.map((each) => ({
      id: each.id,
      kind: each.kind,
      text: entryText(words, { kind: each.kind, parts: [] }),
      amount: moneyOf(words, each.amount, currency),
      at: iso(each.at),
    })),
    waivers: row.settling.filter(isWaiver).map((each) => waiverBody(each, words, currency)),
    disputes: row.disputes.map((each) => disputeBody(each, words, currency)),
  };
}
