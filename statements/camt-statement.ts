import { accountOf } from './camt-parties.ts';
import { readEntry } from './camt-entry.ts';
import { amountAt, child, dayAt, directionAt, textAt, wrong } from './camt-values.ts';
import type { Reading } from './camt-values.ts';
import type { Balance, ParsedEntry, ParsedStatement } from './model.ts';
import type { Element } from './xml.ts';

/** Takes the parts of one `Stmt` as they come; what it keeps of an entry is what Carrel needs of it. */
export interface StatementBuilder {
  readonly take: (element: Element) => void;
  readonly result: () => ParsedStatement | undefined;
}

/** What is wanted of the balances: interim ones where a statement has several pages. */
const openings = ['OPBD', 'PRCD'];
const closings = ['CLBD'];

function chooseBalances(balances: readonly (readonly [string, Balance])[]) {
  const find = (codes: readonly string[]) =>
    codes.flatMap((code) => balances.filter(([each]) => each === code))[0]?.[1];
  const interim = balances.filter(([code]) => code === 'ITBD').map(([, balance]) => balance);
  const booked = { opening: find(openings), closing: find(closings) };
  const opening = booked.opening ?? interim[0];
  const closing = booked.closing ?? interim.findLast((balance) => balance !== opening);
  return { opening, closing };
}

function readBalance(reading: Reading, element: Element): readonly [string, Balance] | undefined {
  const type = textAt(element, 'Tp/CdOrPrtry/Cd', 'Tp/CdOrPrtry/Prtry', 'Tp/Cd') ?? '';
  if (![...openings, ...closings, 'ITBD'].includes(type)) return undefined;
  const at: Reading = { ...reading, path: `${reading.path}/Bal[${type}]` };
  const amount = amountAt(at, element, 'Amt');
  const direction = directionAt(at, element);
  const on = dayAt(at, element, 'Dt');
  if (on === undefined && !child(element, 'Dt')) wrong(at, element, 'Dt', 'element-missing');
  if (!amount || !direction || on === undefined) return undefined;
  return [type, { ...amount, minor: amount.minor * direction, on, line: element.line }];
}

const whole = (text: string | null) => (text !== null && /^\d{1,18}$/u.test(text) ? BigInt(text) : null);

/** @param page which page of its statement the message says it is, where version 02 says so. */
export function createStatement(reading: Reading, line: number, page: number | null): StatementBuilder {
  const { path } = reading;
  const balances: (readonly [string, Balance])[] = [];
  const entries: ParsedEntry[] = [];
  const heads: Element[] = [];
  let account: string | null = null;
  let skipped = 0;
  let seen = 0;

  function takeEntry(element: Element) {
    seen += 1;
    const read = readEntry({ ...reading, path: `${path}/Ntry[${seen}]` }, element, account);
    if (read === null) skipped += 1;
    for (const entry of read ?? []) entries.push(entry);
  }

  const takers: Readonly<Record<string, (element: Element) => void>> = {
    Acct: (element) => (account = accountOf(element)),
    Bal(element) {
      const balance = readBalance(reading, element);
      if (balance) balances.push(balance);
    },
    Ntry: takeEntry,
  };

  return {
    take: (element) => (takers[element.name] ?? ((other: Element) => heads.push(other)))(element),
    result() {
      const self: Element = { name: 'Stmt', line, currency: undefined, text: '', children: heads };
      if (account === null) wrong(reading, self, 'Acct/Id', 'element-missing');
      const { opening, closing } = chooseBalances(balances);
      if (!reading.mistakes.some()) {
        if (!opening) wrong(reading, self, 'Bal[OPBD]', 'element-missing');
        if (!closing) wrong(reading, self, 'Bal[CLBD]', 'element-missing');
      }
      if (!opening || !closing) return undefined;
      return {
        line,
        account,
        bankId: textAt(self, 'Id'),
        sequence: whole(textAt(self, 'ElctrncSeqNb', 'LglSeqNb')),
        page: Number(whole(textAt(self, 'StmtPgntn/PgNb')) ?? 0) || page,
        opening,
        closing,
        entries,
        skipped,
      };
    },
  };
}
