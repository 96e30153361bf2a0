import type { EntryKind } from '../domain/bank.ts';
import { child, children, joined, textAt } from './camt-values.ts';
import type { Element } from './xml.ts';

/** Who is on the other side. */
export interface Counterparty {
  readonly payerName: string | null;
  readonly payerAccount: string | null;
}

type Role = 'Dbtr' | 'Cdtr';

const withoutBlanks = (text: string | null) => text?.replaceAll(/\s/gu, '') ?? null;

/** IBAN, or what the bank has instead, without blanks. */
export const accountOf = (element: Element | undefined): string | null =>
  withoutBlanks(textAt(element, 'Id/IBAN', 'Id/Othr/Id', 'Id/PrtryAcct/Id'));

function party(parties: Element | undefined, role: Role): Counterparty {
  return {
    payerName: textAt(parties, `${role}/Nm`, `${role}/Pty/Nm`, `Ultmt${role}/Nm`, `Ultmt${role}/Pty/Nm`),
    payerAccount: accountOf(child(parties, `${role}Acct`)),
  };
}

/**
 * The other side of an entry: debtor of what came in, creditor of what went out. What came back keeps the roles of the original payment, so there it is the other way
 * round – unless the role's account is the library's own.
 */
export function counterparty(
  details: Element | undefined,
  incoming: boolean,
  kind: EntryKind,
  own: string | null,
): Counterparty {
  const parties = child(details, 'RltdPties');
  const roles: readonly [Role, Role] =
    incoming === (kind === 'booking') ? ['Dbtr', 'Cdtr'] : ['Cdtr', 'Dbtr'];
  const [first, second] = roles.map((role) => party(parties, role)) as [Counterparty, Counterparty];
  const isOwn = first.payerAccount !== null && first.payerAccount === own;
  return isOwn ? second : first;
}

/** What the payer wrote: free text, else what the bank adds, and numbers of documents; creditor references apart. */
export function remittance(details: Element | undefined, entry: Element) {
  const info = child(details, 'RmtInf');
  const structured = children(info, 'Strd');
  const free = [
    ...children(info, 'Ustrd'),
    ...structured.flatMap((each) => [
      ...children(each, 'AddtlRmtInf'),
      ...children(each, 'RfrdDocInf').flatMap((document) => children(document, 'Nb')),
    ]),
  ];
  const references = structured.flatMap((each) => textAt(each, 'CdtrRefInf/Ref', 'CdtrRefInf/CdtrRef') ?? []);
  const text = joined(free);
  const said = text !== '' || references.length > 0;
  return {
    reference: references.length > 0 ? references.join(' ') : null,
    remittance: said ? text : (textAt(details, 'AddtlTxInf') ?? textAt(entry, 'AddtlNtryInf') ?? ''),
  };
}

/** The bank's code of what it is: ISO's domain, family and sub-family, or its own. */
export function transactionCode(...elements: readonly (Element | undefined)[]): string | null {
  for (const element of elements) {
    const domain = child(child(element, 'BkTxCd'), 'Domn');
    const parts = [textAt(domain, 'Cd'), textAt(domain, 'Fmly/Cd'), textAt(domain, 'Fmly/SubFmlyCd')].filter(
      (part) => part !== null,
    );
    const code = parts.length > 0 ? parts.join('.') : textAt(element, 'BkTxCd/Prtry/Cd');
    if (code !== null) return code;
  }
  return null;
}
