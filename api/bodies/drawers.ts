import type { z } from 'zod';
import type { DrawerLine, DrawerRow } from '../../db/queries/drawers.ts';
import type { CarriedRow } from '../../db/queries/carried-cash.ts';
import { causes } from '../../domain/causes.ts';
import { decimalText } from '../decimal.ts';
import type { carried, drawer, drawerReport } from '../schemas/drawers.ts';
import { iso } from '../schemas/values.ts';
import type { Words } from '../words.ts';
import { causeName } from '../../notices/account-names.ts';
import { moneyOf } from './desk.ts';
import { actorOf } from './story.ts';

/** What is booked into a drawer besides what is paid for fees. */
const others = [
  'credit',
  'payout-cash',
  'deposit-taken',
  'deposit-returned',
  'drawer-paid-in',
  'drawer-paid-out',
  'drawer-opening',
  'drawer-closing',
];

export function drawerBody(row: DrawerRow, words: Words): z.input<typeof drawer> {
  const amount = (minor: number) => moneyOf(words, minor, row.currency);
  const counted = (at: number, by: ReturnType<typeof actorOf>, count: number, booked: number) => ({
    at: iso(at),
    by,
    counted: amount(count),
    booked: amount(booked),
    difference: amount(count - booked),
  });
  const { closedAt, closedBy, closingBooked, closingCount } = row;
  const closed = closedAt !== null && closedBy !== null && closingCount !== null && closingBooked !== null;
  return {
    id: row.id,
    branch: words.place(row.branch),
    opening: counted(
      row.openedAt,
      actorOf(words, row.openedBy, row.openedByName),
      row.openingCount,
      row.openingBooked,
    ),
    closing: closed
      ? counted(closedAt, actorOf(words, closedBy, row.closedByName), closingCount, closingBooked)
      : null,
    content: amount(row.content),
    note: row.note,
  };
}

export function carriedBody(row: CarriedRow, words: Words): z.input<typeof carried> {
  const { id, branch, amount, currency, carriedAt, carriedBy, carrierName, entryId, bookedOn } = row;
  return {
    id,
    branch: words.place(branch),
    direction: amount > 0 ? 'to-bank' : 'from-bank',
    amount: moneyOf(words, Math.abs(amount), currency),
    at: iso(carriedAt),
    by: actorOf(words, carriedBy, carrierName),
    drawerId: row.drawerId,
    note: row.note,
    arrived: entryId === null || bookedOn === null ? null : { entryId, on: bookedOn },
  };
}

export function drawerReportBody(
  row: DrawerRow,
  lines: readonly DrawerLine[],
  words: Words,
): z.input<typeof drawerReport> {
  const means = [...new Set(lines.map((line) => line.means))];
  const sum = (of: 'cash' | 'card') =>
    lines.filter((line) => line.means === of).reduce((total, line) => total + line.amount, 0);
  return {
    ...drawerBody(row, words),
    lines: lines.map((line) => ({
      ...line,
      meansName: words.text(`money.payment.${line.means}`),
      causeName: lineName(words, line.cause),
      amount: moneyOf(words, line.amount, row.currency),
    })),
    totals: means.map((each) => ({
      means: each,
      meansName: words.text(`money.payment.${each}`),
      amount: moneyOf(words, sum(each), row.currency),
    })),
  };
}

function lineName(words: Words, cause: string): string {
  if (causes.some((each) => each === cause)) return causeName(words, cause);
  return others.includes(cause) || cause === 'content' ? words.text(`money.drawer.${cause}`) : cause;
}

/** The report as rows of a table; amounts are decimal numbers of the currency. */
export function drawerTable(row: DrawerRow, lines: readonly DrawerLine[], words: Words) {
  const number = (minor: number) => ({ number: decimalText(minor, row.currency) });
  const head = ['means', 'cause', 'name', 'count', 'amount', 'currency'];
  const count = (name: string, minor: number) => [
    '',
    name,
    lineName(words, name),
    '',
    number(minor),
    row.currency,
  ];
  return [
    head,
    ...lines.map((line) => [
      line.means,
      line.cause,
      lineName(words, line.cause),
      line.count,
      number(line.amount),
      row.currency,
    ]),
    count('content', row.content),
  ];
}
