import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { v7 as uuid } from 'uuid';
import { newReference } from '../domain/payment-reference.ts';
import { parseCamt } from '../statements/camt.ts';
import { p50, round, timed } from './measure.ts';
import { makeCharges, makePatrons, makeStaff } from './rows.ts';
import { say, signIn, type Stage } from './stage.ts';

/** Seconds from handing the file in until every entry is booked, and until it is parsed. */
export interface StatementFigure {
  readonly seconds: number;
  readonly parseSeconds: number;
  readonly ratio: number;
}

const amountMinor = 250;
const atOnce = 10_000;

/** Readers who each wait for a bank transfer to pay one charge; their references. All booked as the audit wants it. */
async function makeWaiting(sql: Stage['sql'], count: number): Promise<string[]> {
  const references = new Set<string>();
  while (references.size < count) references.add(newReference((max) => randomInt(max)));
  const patrons: string[] = [];
  for (let made = 0; made < count; made += atOnce)
    patrons.push(...(await makePatrons(sql, Math.min(atOnce, count - made))));
  const all = [...references];
  for (let from = 0; from < count; from += atOnce)
    await makePayments(sql, patrons.slice(from, from + atOnce), all.slice(from, from + atOnce));
  await sql('analyze');
  return all;
}

async function makePayments(
  sql: Stage['sql'],
  patrons: readonly string[],
  references: readonly string[],
): Promise<void> {
  const charges = await makeCharges(sql, patrons, amountMinor);
  const given = [patrons, charges, patrons.map(() => uuid()), references].map((ids) => `{${ids.join(',')}}`);
  const row = `unnest(?::uuid[], ?::uuid[], ?::uuid[], ?::text[]) as row(patron, charge, payment, reference)`;
  await sql(
    `insert into payment (id, library, patron_id, means, state, amount, currency, reference, actor, begun_at, expires_at)
     select payment, 'bench', patron, 'bank', 'open', ${amountMinor}, 'EUR', reference, 'patron:' || patron, now(), now() + interval '60 days' from ${row}`,
    given,
  );
  await sql(
    `insert into payment_line (payment_id, charge_id, position, amount, open) select payment, charge, 0, ${amountMinor}, true from ${row}`,
    given,
  );
}

const today = () => new Date().toISOString().slice(0, 10);

function entryOf(reference: string, index: number): string {
  const text = `Library fees ${reference.slice(0, 3)} ${reference.slice(3, 6)} ${reference.slice(6)}`;
  return `<Ntry><Amt Ccy="EUR">2.50</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>${today()}</Dt></BookgDt><ValDt><Dt>${today()}</Dt></ValDt>
<AcctSvcrRef>B${index}</AcctSvcrRef><BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>RCDT</Cd><SubFmlyCd>ESCT</SubFmlyCd></Fmly></Domn></BkTxCd>
<NtryDtls><TxDtls><Refs><EndToEndId>NOTPROVIDED</EndToEndId></Refs><Amt Ccy="EUR">2.50</Amt><CdtDbtInd>CRDT</CdtDbtInd>
<RltdPties><Dbtr><Pty><Nm>Reader ${index}</Nm></Pty></Dbtr><DbtrAcct><Id><IBAN>DE02120300000000202051</IBAN></Id></DbtrAcct></RltdPties>
<RltdAgts><DbtrAgt><FinInstnId><BICFI>BYLADEM1001</BICFI></FinInstnId></DbtrAgt></RltdAgts>
<RmtInf><Ustrd>${text}</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>`;
}

const balanceOf = (code: string, minor: number) =>
  `<Bal><Tp><CdOrPrtry><Cd>${code}</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">${(minor / 100).toFixed(2)}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>${today()}</Dt></Dt></Bal>`;

/** A statement in which these references are paid, each in full. */
function fileOf(references: readonly string[]): Buffer {
  const lines = [
    '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt><Stmt><Id>BENCH</Id>',
    '<Acct><Id><IBAN>DE89370400440532013000</IBAN></Id></Acct>',
    balanceOf('OPBD', 0),
    balanceOf('CLBD', amountMinor * references.length),
    ...references.map(entryOf),
    '</Stmt></BkToCstmrStmt></Document>',
  ];
  return Buffer.from(lines.join('\n'));
}

async function* once(content: Uint8Array): AsyncGenerator<Uint8Array> {
  yield content;
}

/** Hands the file in as the cashier does, and waits until all of it is matched. */
async function takeOver({ url }: Stage, token: string, content: Uint8Array, lines: number): Promise<void> {
  const headers = { authorization: `Bearer ${token}` };
  const path = `${url}/v1/staff/bank-statements`;
  const handedIn = await fetch(path, {
    method: 'POST',
    headers: { ...headers, 'idempotency-key': uuid(), 'content-type': 'application/xml' },
    body: content,
  });
  if (!handedIn.ok) throw new Error(`${handedIn.status} ${await handedIn.text()}`);
  for (;;) {
    const { items } = (await (await fetch(path, { headers })).json()) as {
      items: { finished: boolean; state: string; matched: number }[];
    };
    const [file] = items;
    if (file?.finished && file.matched === lines) return;
    if (file?.finished) throw new Error(`not all is matched: ${JSON.stringify(file)}`);
    await sleep(100);
  }
}

/** A statement of so many lines, each for another of the open references, taken over and matched by the service, against merely parsing the same file (P9). */
export async function measureStatement(stage: Stage, lines: number, open: number): Promise<StatementFigure> {
  const references = await makeWaiting(stage.sql, open);
  const content = fileOf(references.slice(0, lines));
  say(`  … ${lines} lines, ${content.length} bytes, ${open} open references`);
  const parsing: number[] = [];
  for (let time = 0; time < 4; time += 1) parsing.push(await timed(() => parseCamt(once(content))));
  const token = await signIn(stage, 'staff', await makeStaff(stage.sql, 'cashier'));
  const ms = await timed(() => takeOver(stage, token, content, lines));
  // The first parse warms up.
  const parseSeconds = p50(parsing.slice(1)) / 1000;
  return {
    seconds: round(ms / 1000),
    parseSeconds: round(parseSeconds, 3),
    ratio: round(ms / 1000 / parseSeconds),
  };
}
