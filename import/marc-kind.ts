import type { Kind } from '../domain/kinds.ts';
import { controlValue, fieldsOf, type MarcRecord } from './marc-record.ts';

/** Leader/06: projected media, sound, computer files. */
const audiovisualTypes = 'gijm';
/** Leader/06 of records that describe something other than a title: authorities, classification, community data, holdings. */
const otherTypes = 'zwquvxy';
/** Leader/07: serials and integrating resources. */
const serialLevels = 'si';
/** 007/00: film, sound recording, video recording. */
const audiovisualCarriers = 'msv';

export function isBibliographic(record: MarcRecord): boolean {
  return !otherTypes.includes(record.leader[6] ?? '');
}

/**
 * What a record describes. A 007 for sound or video counts only where the leader names no text, since books come with discs; a serial that is a
 * monographic series (008/21 m) consists of books.
 */
export function kindOf(record: MarcRecord): Kind {
  const type = record.leader[6] ?? ' ';
  if (audiovisualTypes.includes(type)) return 'audiovisual';
  const carriers = fieldsOf(record, '007').map((field) => field.value?.[0] ?? '');
  if (type !== 'a' && carriers.some((carrier) => carrier !== '' && audiovisualCarriers.includes(carrier)))
    return 'audiovisual';
  const isSerial = serialLevels.includes(record.leader[7] ?? ' ');
  return isSerial && controlValue(record, '008')[21] !== 'm' ? 'magazine' : 'book';
}
