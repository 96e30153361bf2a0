/** A field of a MARC record: a control field has a value, a data field indicators and subfields. */
export interface MarcField {
  readonly tag: string;
  readonly value?: string;
  readonly indicators: string;
  readonly subfields: readonly (readonly [code: string, value: string])[];
}

/** A MARC record, whatever it was written in. */
export interface MarcRecord {
  readonly leader: string;
  readonly fields: readonly MarcField[];
}

/** What a decoder makes of one frame: the record, or every reason why it is none. */
export type Decoded = { readonly record: MarcRecord } | { readonly reasons: readonly string[] };

/** The fields with one of the tags, in the order of the record. */
export function fieldsOf(record: MarcRecord, ...tags: string[]): MarcField[] {
  return record.fields.filter((field) => tags.includes(field.tag));
}

/** The value of the first control field with the tag; empty when there is none. */
export function controlValue(record: MarcRecord, tag: string): string {
  return record.fields.find((field) => field.tag === tag)?.value ?? '';
}

/** The values of a field's subfields with one of the codes, in the order of the field. */
export function subfieldsOf(field: MarcField, codes: string): string[] {
  return field.subfields.filter(([code]) => codes.includes(code)).map(([, value]) => value);
}
