import { loanConditions, retryReasons, unfilledReasons } from '../../domain/supply-reasons.ts';
import type { TextData } from '../../notices/texts.ts';
import type { Words } from '../words.ts';

type Detail = Readonly<Record<string, unknown>>;
type DataOf = (words: Words, detail: Detail) => TextData;

/** Kinds of events about outside requests whose text needs no data. */
const plain = [
  'supply-requested',
  'supply-reminded',
  'supply-promised',
  'supply-expected',
  'supply-condition-accepted',
  'supply-shipped',
  'supply-arrived',
  'supply-cancel-asked',
  'supply-cancelled',
  'supply-cancel-refused',
  'supply-renewal-asked',
  'supply-renewal-refused',
  'supply-recalled',
  'supply-overdue',
  'supply-late',
  'supply-sent-back',
  'supply-forwarded',
  'supply-hold-return',
  'supply-returned',
  'supply-lost',
  'supply-note-came',
  'supply-note-sent',
  'supply-unsent',
  'supply-resent',
  'supply-relayed',
  'ill-relayed',
  'item-lent-out',
] as const;

/** A code of an open list in words; one that has no text is shown as it came. */
export function codeText(
  words: Words,
  group: 'reason' | 'condition',
  code: string | null | undefined,
): string | null {
  if (code === null || code === undefined) return null;
  const known: readonly string[] =
    group === 'reason' ? [...unfilledReasons, ...retryReasons] : loanConditions;
  return known.includes(code) ? words.text(`supply.${group}.${code}`) : code;
}

const coded =
  (group: 'reason' | 'condition'): DataOf =>
  (words, detail) => {
    const code = detail[group];
    return { [group]: codeText(words, group, typeof code === 'string' ? code : '') ?? '' };
  };

/** What texts of the story of an outside request are filled with. */
export const supplyEvents: Readonly<Record<string, DataOf>> = {
  'supply-asked': coded('condition'),
  'supply-unfilled': coded('reason'),
  'supply-retry': coded('reason'),
  'supply-renewed': (_words, { after }) => ({ due: after }),
  ...Object.fromEntries(plain.map((kind) => [kind, () => ({})])),
};
