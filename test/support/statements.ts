/** An entry of a camt.053 statement for tests; amounts as banks write them, `-` for what went out. */
export interface WrittenEntry {
  readonly amount: string;
  readonly on?: string;
  readonly text?: string;
  readonly name?: string;
  readonly ref?: string;
  /** Money of ours, or of a reader, that came back. */
  readonly returned?: boolean;
}

export interface WrittenStatement {
  readonly id: string;
  readonly sequence?: number;
  readonly from: string;
  readonly to?: string;
  readonly opening: string;
  readonly closing: string;
  readonly entries: readonly WrittenEntry[];
  readonly iban?: string;
}

export const iban = 'DE89370400440532013000';

const signed = (amount: string) =>
  `<Amt Ccy="EUR">${amount.replace('-', '')}</Amt><CdtDbtInd>${amount.startsWith('-') ? 'DBIT' : 'CRDT'}</CdtDbtInd>`;

const balance = (code: string, amount: string, on: string) =>
  `<Bal><Tp><CdOrPrtry><Cd>${code}</Cd></CdOrPrtry></Tp>${signed(amount)}<Dt><Dt>${on}</Dt></Dt></Bal>`;

function writtenEntry(
  { amount, on, text = '', name = '', ref = '', returned = false }: WrittenEntry,
  day: string,
): string {
  const other = amount.startsWith('-') ? 'Cdtr' : 'Dbtr';
  const party = name === '' ? '' : `<RltdPties><${other}><Pty><Nm>${name}</Nm></Pty></${other}></RltdPties>`;
  const details = `<NtryDtls><TxDtls>${party}<RmtInf><Ustrd>${text}</Ustrd></RmtInf>${returned ? '<RtrInf><Rsn><Cd>AM04</Cd></Rsn></RtrInf>' : ''}</TxDtls></NtryDtls>`;
  return `<Ntry>${signed(amount)}<Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>${on ?? day}</Dt></BookgDt><AcctSvcrRef>${ref}</AcctSvcrRef>${details}</Ntry>`;
}

function writtenStatement(given: WrittenStatement): string {
  const { id, sequence, from, to = from, opening, closing, entries } = given;
  return [
    `<Stmt><Id>${id}</Id>${sequence === undefined ? '' : `<ElctrncSeqNb>${sequence}</ElctrncSeqNb>`}`,
    `<Acct><Id><IBAN>${given.iban ?? iban}</IBAN></Id></Acct>`,
    balance('OPBD', opening, from),
    balance('CLBD', closing, to),
    ...entries.map((entry) => writtenEntry(entry, to)),
    '</Stmt>',
  ].join('\n');
}

/** A bank's file, camt.053 version 08. */
export function camt(...statements: readonly WrittenStatement[]): Buffer {
  const namespace = 'urn:iso:std:iso:20022:tech:xsd:camt.053.001.08';
  return Buffer.from(
    `<Document xmlns="${namespace}"><BkToCstmrStmt>\n${statements.map(writtenStatement).join('\n')}\n</BkToCstmrStmt></Document>`,
  );
}
