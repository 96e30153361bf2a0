import { fieldsOf, subfieldsOf, type MarcField, type MarcRecord } from './marc-record.ts';
import { isLatin } from './marc-text.ts';

/** The same statement in two scripts (MARC 880): `shown` in the script of the work itself, `other` beside it where there is one. */
export interface Forms {
  readonly shown: string;
  readonly other: string | undefined;
}

interface Link {
  readonly tag: string;
  readonly occurrence: string;
}

/** Subfield 6: `880-02` in the field, `245-02/$1` in its other form; occurrence 00 is linked to nothing. */
function linkOf(field: MarcField): Link | undefined {
  const link = /^(\d{3})-(\d{2})/u.exec(subfieldsOf(field, '6')[0] ?? '');
  return link ? { tag: link[1] ?? '', occurrence: link[2] ?? '' } : undefined;
}

function otherFormOf(record: MarcRecord, field: MarcField): MarcField | undefined {
  const own = linkOf(field);
  if (!own || own.occurrence === '00') return undefined;
  return fieldsOf(record, '880').find((other) => {
    const link = linkOf(other);
    return link?.tag === field.tag && link.occurrence === own.occurrence;
  });
}

function formsOf(field: string, linked: string | undefined): Forms {
  if (!linked || linked === field) return { shown: field, other: undefined };
  return isLatin(field) && !isLatin(linked)
    ? { shown: linked, other: field }
    : { shown: field, other: linked };
}

/** Fields of these tags in both their scripts, read with `statement`; 880 fields that stand alone come last. Empty statements are left out. */
export function statements(
  record: MarcRecord,
  tags: readonly string[],
  statement: (field: MarcField) => string,
): Forms[] {
  const linked = fieldsOf(record, ...tags).map((field) => {
    const other = otherFormOf(record, field);
    return formsOf(statement(field), other && statement(other));
  });
  const alone = fieldsOf(record, '880')
    .filter((field) => tags.includes(linkOf(field)?.tag ?? '') && linkOf(field)?.occurrence === '00')
    .map((field) => formsOf(statement(field), undefined));
  return [...linked, ...alone].filter((forms) => forms.shown !== '');
}
