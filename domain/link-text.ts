import { everydayShare } from './common-characters.ts';

/** Encodings that a link's texts are tried in, and that a reader may choose among; in doubt the earlier counts. */
export const linkEncodings = [
  'utf-8',
  'gb18030',
  'shift_jis',
  'big5',
  'euc-jp',
  'euc-kr',
  'windows-1252',
] as const;

export type LinkEncoding = (typeof linkEncodings)[number];

/** How a link's texts were read: `plain` leaves no doubt, `stated` is the link's own word, `guessed` may be wrong, `chosen` is the reader's word. */
export interface EncodingUsed {
  readonly name: string;
  readonly known: 'plain' | 'stated' | 'guessed' | 'chosen';
}

export interface LinkText {
  readonly entries: readonly (readonly [key: string, value: string])[];
  readonly encoding: EncodingUsed;
}

/** A key and its value as they came; what was not percent-encoded may have any character. */
export type RawEntry = readonly [key: string, value: string];

/** The keys and values of what stands behind a link's question mark, undecoded. */
export function rawEntries(query: string): RawEntry[] {
  const parts = query.replace(/^\?/u, '').split('&');
  return parts.filter(Boolean).map((part) => {
    const at = part.indexOf('=');
    return at < 0 ? [part, ''] : [part.slice(0, at), part.slice(at + 1)];
  });
}

/** A key is always of plain letters. */
export function keyOf(raw: string): string {
  return decoded(raw, (bytes) => new TextDecoder().decode(bytes));
}

/** Percent-encoded text, as bytes. */
function bytesOf(ascii: string): Uint8Array {
  const escaped = /%([0-9A-F]{2})/giu;
  const binary = ascii
    .replaceAll('+', ' ')
    .replaceAll(escaped, (_all, hex: string) => String.fromCodePoint(Number.parseInt(hex, 16)));
  return Uint8Array.from(binary, (each) => each.codePointAt(0) ?? 0);
}

/** Characters that did not come as bytes are what they are. */
function decoded(raw: string, decode: (bytes: Uint8Array) => string): string {
  return raw
    .split(/([^\p{ASCII}]+)/u)
    .map((part, at) => (at % 2 === 0 ? decode(bytesOf(part)) : part))
    .join('');
}

/** Undefined where the bytes are not of this encoding. A character that the link's end cuts through is left out. */
function readIn(encoding: string, raws: readonly string[]): string[] | undefined {
  try {
    return raws.map((raw) =>
      decoded(raw, (bytes) => new TextDecoder(encoding, { fatal: true }).decode(bytes, { stream: true })),
    );
  } catch {
    return undefined;
  }
}

function lenient(encoding: string, raws: readonly string[]): string[] {
  return raws.map((raw) => decoded(raw, (bytes) => new TextDecoder(encoding).decode(bytes)));
}

/** Z39.88's own key first; the others are what catalogues write instead. */
const stating = ['rft_enc', 'ctx_enc', 'charset', 'encoding', 'enc', 'ie', '_charset_'];

/** The names that are used in links for encodings that go by another name here. */
const aliases: Readonly<Record<string, string>> = {
  cp936: 'gb18030',
  'gb2312-80': 'gb18030',
  gbk: 'gb18030',
  gb2312: 'gb18030',
  cp932: 'shift_jis',
  cp949: 'euc-kr',
  cp950: 'big5',
  latin1: 'windows-1252',
};

/** `info:ofi/enc:GBK` and `GBK` alike; undefined for a name that nobody knows. */
function statedEncoding(entries: readonly RawEntry[]): string | undefined {
  const found = stating.flatMap((name) => entries.filter(([key]) => key === name))[0]?.[1];
  if (found === undefined) return undefined;
  const name = keyOf(found)
    .trim()
    .toLowerCase()
    .replace(/^info:ofi\/enc:/u, '');
  try {
    const { encoding } = new TextDecoder(aliases[name] ?? name);
    return encoding.startsWith('utf-16') ? undefined : (aliases[encoding] ?? encoding);
  } catch {
    return undefined;
  }
}

const scripts = [
  /^[\p{ASCII}\p{Script=Latin}\p{Script=Greek}\p{P}\p{S}\p{M}]*$/u,
  /^[\p{ASCII}\p{Script=Cyrillic}\p{P}\p{S}\p{M}]*$/u,
  /^[\p{ASCII}\p{Script=Hebrew}\p{P}\p{S}\p{M}]*$/u,
  /^[\p{ASCII}\p{Script=Arabic}\p{P}\p{S}\p{M}]*$/u,
];

/** Bytes that are also UTF-8 by chance, as those of 鲁迅 in GBK are, come out as a jumble of two-byte characters. */
function isPlain(texts: readonly string[]): boolean {
  const text = texts.join(' ');
  return /[\u0800-\u{10FFFF}]/u.test(text) || scripts.some((script) => script.test(text));
}

interface Guess {
  readonly name: string;
  readonly texts: string[];
  readonly share: number;
}

/** Of the encodings that the bytes are valid in, the one in which most of them are everyday characters. */
function guess(raws: readonly string[]): Guess {
  const readings = linkEncodings.slice(1).flatMap((name) => {
    const texts = readIn(name, raws);
    return texts ? [{ name, texts, share: everydayShare(name, texts.join(' ')) }] : [];
  });
  const [best] = readings.toSorted((a, b) => b.share - a.share);
  return best ?? { name: 'utf-8', texts: lenient('utf-8', raws), share: 0 };
}

/** Undefined where they are not UTF-8, or nothing is left of them but what was cut through. */
function asUtf8(raws: readonly string[]): string[] | undefined {
  const texts = readIn('utf-8', raws);
  const bytes = raws.some((raw) => /%[89A-F]/iu.test(raw));
  return bytes && texts?.every((text) => /^\p{ASCII}*$/u.test(text)) ? undefined : texts;
}

/** Three bytes that fit are no chance: where one text of a link is surely UTF-8, another that is not is broken, not in another encoding. */
function isUtf8(raw: string): boolean {
  return /[\u0800-\u{10FFFF}]/u.test(readIn('utf-8', [raw])?.[0] ?? '');
}

/** A jumble is another encoding's only if that makes sense of most of it. */
const sensible = 0.6;

function readAll(raws: readonly string[], stated: string | undefined, chosen: LinkEncoding | undefined) {
  if (chosen !== undefined) return { texts: lenient(chosen, raws), name: chosen, known: 'chosen' } as const;
  const asStated = stated === undefined || stated === 'utf-8' ? undefined : readIn(stated, raws);
  if (stated !== undefined && asStated) return { texts: asStated, name: stated, known: 'stated' } as const;
  const texts = asUtf8(raws);
  if (texts && isPlain(texts)) return { texts, name: 'utf-8', known: 'plain' } as const;
  if (raws.some(isUtf8)) return { texts: lenient('utf-8', raws), name: 'utf-8', known: 'plain' } as const;
  const { share, ...guessed } = guess(raws);
  if (texts && share < sensible) return { texts, name: 'utf-8', known: 'plain' } as const;
  return { ...guessed, known: 'guessed' } as const;
}

/**
 * Reads a link's keys and values (I1). They are read in the encoding the link states; where it states none, or one that the bytes are not of, as UTF-8, and where they are not
 * that either, in the likeliest.
 *
 * @param chosen the reader's word on it, which counts more than any other
 */
export function readLink(query: string, chosen?: LinkEncoding): LinkText {
  const entries = rawEntries(query).map(([key, value]): RawEntry => [keyOf(key), value]);
  const raws = entries.map(([, value]) => value);
  const { texts, name, known } = readAll(raws, statedEncoding(entries), chosen);
  return {
    entries: entries.map(([key], at) => [key, texts[at] ?? '']),
    encoding: { name, known },
  };
}
