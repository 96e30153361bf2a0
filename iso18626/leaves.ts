import { Temporal } from 'temporal-polyfill';
import type { Leaf } from './shape.ts';

/** A value of an open list, with the list it is taken from where that is stated. */
export interface Code {
  readonly value: string;
  readonly scheme?: string | undefined;
}

/** Text as it stands; space around it says nothing. */
export const text: Leaf<string> = {
  is: 'leaf',
  read: (given) => given.trim(),
  write: (value) => ({ text: value }),
};

/** A scheme/value pair. An unknown value is no mistake: it is shown as it is. */
export const code: Leaf<Code> = {
  is: 'leaf',
  read: (given, scheme) => ({ value: given.trim(), ...(scheme !== undefined && { scheme }) }),
  write: ({ value, scheme }) => ({ text: value, scheme }),
};

/** Plain text since 2021. */
export const region: Leaf<Code> = {
  ...code,
  write: ({ value, scheme }, edition) => ({ text: value, scheme: edition === '1.2' ? scheme : undefined }),
};

const withZone = /(?:Z|[+-]\d{2}:\d{2})$/u;

/** An instant, ISO 8601 in UTC. A peer that states no zone is taken to mean UTC. */
export const dateTime: Leaf<string> = {
  is: 'leaf',
  read: (given) => {
    const stated = given.trim();
    try {
      return Temporal.Instant.from(withZone.test(stated) ? stated : `${stated}Z`).toString();
    } catch {
      return undefined;
    }
  },
  write: (value) => ({ text: value }),
};

/** A decimal number as it is written, never a float: `12.50`. */
export const decimal: Leaf<string> = {
  is: 'leaf',
  read: (given) => (/^[+-]?(?:\d+(?:\.\d*)?|\.\d+)$/u.test(given.trim()) ? given.trim() : undefined),
  write: (value) => ({ text: value }),
};

export const wholeNumber: Leaf<number> = {
  is: 'leaf',
  read: (given) => (/^\s*[+-]?\d{1,9}\s*$/u.test(given) ? Number(given) : undefined),
  write: (value) => ({ text: String(value) }),
};

const booleans: Readonly<Record<string, boolean>> = { true: true, '1': true, false: false, '0': false };

export const trueOrFalse: Leaf<boolean> = {
  is: 'leaf',
  read: (given) => booleans[given.trim()],
  write: (value) => ({ text: String(value) }),
};

/** A value of a closed list. */
export function closed<const V extends string>(values: readonly V[]): Leaf<V> {
  return {
    is: 'leaf',
    read: (given) => values.find((value) => value === given.trim()),
    write: (value) => ({ text: value }),
  };
}
