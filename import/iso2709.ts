import { Marc } from 'marcjs';
import type { Decoded, MarcField } from './marc-record.ts';

const leaderLength = 24;
const entryLength = 12;
const fieldTerminator = 0x1e;
const strictUtf8 = new TextDecoder('utf-8', { fatal: true });

function numberAt(raw: Buffer, start: number, length: number): number {
  const digits = raw.toString('latin1', start, start + length);
  return /^\d+$/u.test(digits) ? Number(digits) : Number.NaN;
}

function leaderReasons(raw: Buffer): string[] {
  const reasons: string[] = [];
  const length = numberAt(raw, 0, 5);
  const base = numberAt(raw, 12, 5);
  if (length !== raw.length)
    reasons.push(`the leader says ${raw.toString('latin1', 0, 5)} bytes, the record has ${raw.length}`);
  if (raw.toString('latin1', 10, 12) !== '22')
    reasons.push('the leader does not state two indicators and subfield codes of one character');
  const directoryEnds = base > leaderLength && base < raw.length && raw[base - 1] === fieldTerminator;
  if (!directoryEnds) reasons.push('the leader does not point to the end of the directory');
  else if ((base - 1 - leaderLength) % entryLength !== 0)
    reasons.push('the directory has an incomplete entry');
  return reasons;
}

function entryReason(raw: Buffer, entry: number, base: number): string | undefined {
  const tag = raw.toString('latin1', entry, entry + 3);
  if (!/^[0-9A-Za-z]{3}$/u.test(tag)) return `the directory has an entry without a tag`;
  const start = base + numberAt(raw, entry + 7, 5);
  const end = start + numberAt(raw, entry + 3, 4);
  if (!(end > start && end < raw.length)) return `field ${tag} lies outside the record`;
  return raw[end - 1] === fieldTerminator ? undefined : `field ${tag} does not end where the directory says`;
}

function directoryReasons(raw: Buffer): string[] {
  const base = numberAt(raw, 12, 5);
  const reasons = new Set<string>();
  for (let entry = leaderLength; entry < base - 1; entry += entryLength) {
    const reason = entryReason(raw, entry, base);
    if (reason) reasons.add(reason);
  }
  return [...reasons];
}

function encodingReasons(raw: Buffer): string[] {
  try {
    strictUtf8.decode(raw);
    return [];
  } catch {
    return [
      raw[9] === 0x61
        ? 'the record is not valid UTF-8'
        : 'the record is in another encoding than UTF-8 (MARC-8?); export it as UTF-8',
    ];
  }
}

function toField([tag, first = '', ...rest]: readonly string[]): MarcField {
  if (tag === undefined) throw new TypeError('a field without a tag');
  if (tag.startsWith('00')) return { tag, value: first, indicators: '', subfields: [] };
  const pairs = Array.from(
    { length: rest.length / 2 },
    (_, at) => [rest[2 * at] ?? '', rest[2 * at + 1] ?? ''] as const,
  );
  return { tag, indicators: first, subfields: pairs };
}

/**
 * Reads one record of MARC 21 in ISO 2709, UTF-8. The structure is checked first, in bytes: the library trusts every number in the record. All
 * reasons are given, but the directory's are only looked for where the leader leads to it.
 */
export function decodeIso2709(raw: Buffer): Decoded {
  if (raw.length <= leaderLength) return { reasons: ['the record is shorter than a leader'] };
  const leader = leaderReasons(raw);
  const reasons = [...leader, ...(leader.length === 0 ? directoryReasons(raw) : []), ...encodingReasons(raw)];
  if (reasons.length > 0) return { reasons };
  const parsed = Marc.parse(raw, 'iso2709');
  return { record: { leader: parsed.leader, fields: parsed.fields.map(toField) } };
}
