/** `[tag, value]` of a control field, or `[tag, indicators, code, value, …]` of a data field. */
export type Field = readonly [tag: string, ...rest: string[]];

export interface Draft {
  readonly leader?: string;
  readonly fields: readonly Field[];
}

/** Type, bibliographic level and encoding as in the leader of a printed book in UTF-8. */
export const bookLeader = '00000nam a2200000 a 4500';

export const someBook: readonly Field[] = [
  ['001', 'b1'],
  ['008', '260101s1948    ja            000 0 jpn  '],
  ['245', '10', 'a', 'Ningen shikkaku /', 'c', 'Dazai Osamu.'],
];

/** The fields with their `880` twins: `[245, …]` and `[880, …]` of the same occurrence. */
export const dazai: readonly Field[] = [
  ['001', 'b2'],
  ['008', '260101s1948    ja            000 0 jpn  '],
  ['020', '  ', 'a', '4-10-100605-9 (文庫)'],
  ['100', '1 ', '6', '880-01', 'a', 'Dazai, Osamu,', 'd', '1909-1948.'],
  ['245', '10', '6', '880-02', 'a', 'Ningen shikkaku /', 'c', 'Dazai Osamu.'],
  ['264', ' 1', '6', '880-03', 'a', 'Tōkyō :', 'b', 'Shinchōsha,', 'c', '1952.'],
  ['880', '1 ', '6', '100-01/$1', 'a', '太宰治,', 'd', '1909-1948.'],
  ['880', '10', '6', '245-02/$1', 'a', '人間失格 /', 'c', '太宰治.'],
  ['880', ' 1', '6', '264-03/$1', 'a', '東京 :', 'b', '新潮社,', 'c', '1952.'],
];

function content([tag, ...rest]: Field): string {
  if (tag.startsWith('00')) return rest.join('');
  const [indicators = '', ...pairs] = rest;
  const subfields = Array.from(
    { length: pairs.length / 2 },
    (_, at) => `\u001F${pairs[2 * at]}${pairs[2 * at + 1]}`,
  );
  return indicators + subfields.join('');
}

function digits(number: number, length: number): string {
  return String(number).padStart(length, '0');
}

/** A record in ISO 2709; lengths are counted in bytes. */
export function iso2709({ leader = bookLeader, fields }: Draft): Buffer {
  let directory = '';
  let length = 0;
  const bodies = fields.map((field) => Buffer.from(`${content(field)}\u001E`));
  bodies.forEach((body, at) => {
    directory += fields[at]?.[0] + digits(body.length, 4) + digits(length, 5);
    length += body.length;
  });
  const base = 24 + directory.length + 1;
  const head = digits(base + length + 1, 5) + leader.slice(5, 12) + digits(base, 5) + leader.slice(17);
  return Buffer.concat([Buffer.from(`${head}${directory}\u001E`), ...bodies, Buffer.from('\u001D')]);
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}

function element(field: Field, prefix: string): string {
  const [tag, first = '', ...pairs] = field;
  if (tag.startsWith('00'))
    return `<${prefix}controlfield tag="${tag}">${escaped(first)}</${prefix}controlfield>`;
  const subfields = Array.from(
    { length: pairs.length / 2 },
    (_, at) =>
      `<${prefix}subfield code="${pairs[2 * at]}">${escaped(pairs[2 * at + 1] ?? '')}</${prefix}subfield>`,
  );
  const opening = `<${prefix}datafield tag="${tag}" ind1="${first[0]}" ind2="${first[1]}">`;
  return `${opening}\n  ${subfields.join('\n  ')}\n</${prefix}datafield>`;
}

/** A record as a `record` element of MARCXML. */
export function marcxml({ leader = bookLeader, fields }: Draft, prefix = ''): string {
  const elements = fields.map((field) => element(field, prefix)).join('\n');
  return `<${prefix}record>\n<${prefix}leader>${leader}</${prefix}leader>\n${elements}\n</${prefix}record>`;
}

/** A whole file of MARCXML. */
export function collection(...records: string[]): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n<collection xmlns="http://www.loc.gov/MARC21/slim">\n${records.join('\n')}\n</collection>\n`;
}

/** Bytes in pieces, as a stream brings them. */
export async function* pieces(bytes: Uint8Array | string, size = 64 * 1024): AsyncGenerator<Uint8Array> {
  const all = typeof bytes === 'string' ? Buffer.from(bytes) : bytes;
  for (let start = 0; start < all.length; start += size) yield all.subarray(start, start + size);
}

export async function collect<T>(source: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const each of source) all.push(each);
  return all;
}
