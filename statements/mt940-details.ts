/** What `:86:` says of an entry. */
export interface Details {
  readonly remittance: string;
  readonly endToEnd: string | null;
  readonly reference: string | null;
  readonly payerName: string | null;
  readonly payerAccount: string | null;
  /** The German banks' business transaction code (GVC). */
  readonly code: string | null;
  readonly returned: boolean;
  readonly returnReason: string | null;
  /** What was ordered before banks kept charges, as written: `100,00`. */
  readonly ordered: string | null;
}

const nothing: Details = {
  remittance: '',
  endToEnd: null,
  reference: null,
  payerName: null,
  payerAccount: null,
  code: null,
  returned: false,
  returnReason: null,
  ordered: null,
};

const clean = (text: string | undefined) => {
  const trimmed = text?.replaceAll(/\s+/gu, ' ').trim() ?? '';
  return trimmed === '' || /^NOT ?PROVIDED$/iu.test(trimmed) ? null : trimmed;
};

const account = (text: string | undefined) => clean(text)?.replaceAll(' ', '') ?? null;

/** Returned direct debits and transfers among the German banks' codes. */
const returningCodes = new Set(['108', '109', '159', '181', '184']);
const purposeLength = 27;

/** Lines of a purpose are cut after 27 characters, in the middle of a word if need be; one that is shorter has ended. */
function joinPurpose(lines: readonly string[]): string {
  return lines.map((line) => (line.length < purposeLength ? `${line} ` : line)).join('');
}

const sepaMark = /(EREF|KREF|MREF|CRED|DEBT|COAM|OAMT|SVWZ|ABWA|ABWE|IBAN|BIC|PURP|RREF|SQTP)\+/u;

/** The German banks' marks within a purpose: `EREF+… SVWZ+…`; what stands before the first is the purpose where there is no `SVWZ+`. */
function sepaParts(purpose: string): Readonly<Record<string, string>> {
  const pieces = purpose.split(sepaMark);
  const parts: Record<string, string> = { before: pieces[0] ?? '' };
  for (let at = 1; at < pieces.length; at += 2) parts[pieces[at] ?? ''] ??= pieces[at + 1] ?? '';
  return parts;
}

/** `166?00GUTSCHRIFT?20EREF+…?32NAME`: the German banks' subfields (DFÜ agreement, annex 3). */
function germanDetails(text: string): Details {
  const code = text.slice(0, 3);
  const separator = text.slice(3, 4);
  const fields = text
    .replaceAll('\n', '')
    .slice(4)
    .split(separator)
    .map((field) => [field.slice(0, 2), field.slice(2)] as const);
  const of = (...keys: readonly string[]) =>
    fields.flatMap(([key, value]) => (keys.includes(key) ? [value] : []));
  const purposeKeys = fields.map(([key]) => key).filter((key) => /^(?:2\d|6[0-3])$/u.test(key));
  const parts = sepaParts(joinPurpose(of(...purposeKeys)));
  const returned = returningCodes.has(code);
  const supplement = clean(of('34').join(''));
  return {
    remittance: clean(parts['SVWZ'] ?? parts['before']) ?? '',
    endToEnd: clean(parts['EREF']),
    reference: null,
    payerName: clean(of('32', '33').join('')),
    payerAccount: account(of('31')[0]) ?? account(parts['IBAN']),
    code,
    returned,
    returnReason: returned ? (supplement ?? clean(of('00')[0])) : null,
    ordered: clean(parts['OAMT']),
  };
}

const slashMark =
  /\/(TRTP|IBAN|BIC|NAME|REMI|EREF|CSID|MARF|PURP|RTRN|RTYP|ORDP|BENM|ULTD|ULTC|ULTB|PREF|CNTP|CHGS|OAMT|KREF|OCMT|ADDR|ID|SVCL|PART|ORDR|TCAN|EXCH|TXID|CDTRREFTP|CDTRREF)\//u;

/** `/TRTP/SEPA OVERBOEKING/IBAN/NL…/NAME/…/REMI/…/EREF/…`: codes between strokes, as ABN AMRO and others write them. Lines are cut anywhere. */
function strokeDetails(text: string): Details {
  const pieces = text.replaceAll('\n', '').split(slashMark);
  const parts: Record<string, string> = {};
  for (let at = 1; at < pieces.length; at += 2) parts[pieces[at] ?? ''] ??= pieces[at + 1] ?? '';
  const [counterAccount, , counterName] = parts['CNTP']?.split('/') ?? [];
  const remittance = clean(parts['REMI'])?.replace(/^USTD\/\//u, '') ?? '';
  const structured = /^STRD\/(?:CUR|ISO)\/(\S+)/u.exec(remittance)?.[1];
  return {
    ...nothing,
    remittance: structured === undefined ? remittance : '',
    reference: clean(structured ?? parts['CDTRREF']),
    endToEnd: clean(parts['EREF']),
    payerName: clean(parts['NAME'] ?? counterName ?? parts['ORDP'] ?? parts['BENM']),
    payerAccount: account(parts['IBAN'] ?? counterAccount),
    returned: parts['RTRN'] !== undefined,
    returnReason: clean(parts['RTRN']),
    ordered: clean(parts['OAMT']),
  };
}

const dutchMark = /(?:^|\s)(IBAN|BIC|NAAM|OMSCHRIJVING|KENMERK|BETALINGSKENM\.?|MACHTIGING|INCASSANT): */u;

/** `SEPA OVERBOEKING IBAN: NL… NAAM: … OMSCHRIJVING: …`: words with colons, as ABN AMRO's older files have them. */
function wordDetails(text: string): Details {
  const pieces = text.replaceAll('\n', ' ').split(dutchMark);
  const parts: Record<string, string> = {};
  for (let at = 1; at < pieces.length; at += 2) parts[pieces[at] ?? ''] ??= pieces[at + 1] ?? '';
  return {
    ...nothing,
    remittance: clean(parts['OMSCHRIJVING']) ?? '',
    reference: clean(parts['BETALINGSKENM'] ?? parts['BETALINGSKENM.']),
    endToEnd: clean(parts['KENMERK']),
    payerName: clean(parts['NAAM']),
    payerAccount: account(parts['IBAN']),
  };
}

/** Reads `:86:` as the bank writes it; what is in none of the known forms is the remittance text. */
export function readDetails(text: string): Details {
  if (/^\d{3}[^\p{L}\p{N}\s/]\d{2}/u.test(text)) return germanDetails(text);
  if (/^\/[A-Z]{2,9}\//u.test(text)) return strokeDetails(text);
  if (/(?:^|\s)IBAN: *[A-Z]{2}\d{2}/u.test(text)) return wordDetails(text);
  return { ...nothing, remittance: clean(text) ?? '' };
}

export const noDetails = nothing;
