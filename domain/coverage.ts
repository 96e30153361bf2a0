import { Temporal } from 'temporal-polyfill';

/** One end of a run of a serial, as far as it was stated. */
export interface CoveragePoint {
  /** `1998`, `1998-05` or `1998-05-17`. */
  readonly date?: string | undefined;
  readonly volume?: string | undefined;
  readonly issue?: string | undefined;
}

/** A run of a serial that a library has. An end that is not stated is open. */
export interface Coverage {
  readonly from?: CoveragePoint | undefined;
  readonly to?: CoveragePoint | undefined;
  /** KBART's moving wall: `P1Y`, the last year is not there; `R10Y`, only the last ten are; both as `R10Y;P30D`. */
  readonly embargo?: string | undefined;
}

/** What is wanted of a serial; texts as they stand in the request. */
export interface WantedPart {
  readonly year?: string | undefined;
  readonly volume?: string | undefined;
  readonly issue?: string | undefined;
}

/** `unknown`: request or statement is not exact enough to tell. */
export type Cover = 'fits' | 'missing' | 'unknown';

const wall = /^(?<kind>[RP])(?<count>[1-9]\d{0,2})(?<unit>[DMY])$/u;

export const isEmbargo = (text: string): boolean => text.split(';').every((part) => wall.test(part.trim()));

/** The first year in a text: `2003`, `Mai 2003`, `[1998]`, `2003-05`. */
export function yearOf(text: string | undefined): number | undefined {
  const year = /(?<!\d)(?:1[4-9]|20)\d\d(?!\d)/u.exec((text ?? '').normalize('NFKC'))?.[0];
  return year === undefined ? undefined : Number(year);
}

const numberOf = (text: string | undefined): number | undefined => {
  const digits = /\d{1,9}/u.exec((text ?? '').normalize('NFKC'))?.[0];
  return digits === undefined ? undefined : Number(digits);
};

const least = (all: readonly Cover[]): Cover =>
  all.includes('missing') ? 'missing' : all.includes('fits') ? 'fits' : 'unknown';

function between(
  wanted: number | undefined,
  from: number | undefined,
  to: number | undefined,
  stated: boolean,
): Cover {
  if (wanted === undefined || !stated) return 'unknown';
  return wanted >= (from ?? -Infinity) && wanted <= (to ?? Infinity) ? 'fits' : 'missing';
}

/** Volumes are compared only where both ends that are stated have one: an open end says nothing of its number. */
function ofVolume({ from, to }: Coverage, volume: number | undefined): Cover {
  const [first, last] = [numberOf(from?.volume), numberOf(to?.volume)];
  return between(volume, first, last, first !== undefined || last !== undefined);
}

function ofYear({ from, to }: Coverage, year: number | undefined): Cover {
  const [first, last] = [yearOf(from?.date), yearOf(to?.date)];
  return between(year, first, last, first !== undefined || last !== undefined);
}

/** A year through which the wall goes is neither there nor not. */
function ofWall(embargo: string | undefined, year: number | undefined, today: Temporal.PlainDate): Cover {
  if (embargo === undefined || year === undefined) return 'unknown';
  return least(embargo.split(';').map((part) => behind(part.trim(), year, today)));
}

function behind(text: string, year: number, today: Temporal.PlainDate): Cover {
  const { kind = '', count = '', unit = '' } = wall.exec(text)?.groups ?? {};
  if (kind === '') return 'unknown';
  const at = today.subtract(Temporal.Duration.from(`P${count}${unit}`));
  if (year === at.year) return 'unknown';
  return year < at.year === (kind === 'P') ? 'fits' : 'missing';
}

function ofRun(run: Coverage, wanted: WantedPart, today: Temporal.PlainDate): Cover {
  const year = yearOf(wanted.year);
  return least([ofYear(run, year), ofVolume(run, numberOf(wanted.volume)), ofWall(run.embargo, year, today)]);
}

/**
 * Whether a library's runs of a serial have what is wanted, by year and volume, `today` being the civil day at the library that asks (embargoes move with it). One run that has it is
 * enough; `null` says nothing of runs.
 */
export function covers(
  runs: readonly Coverage[] | null | undefined,
  wanted: WantedPart,
  today: Temporal.PlainDate,
): Cover {
  if (!runs || runs.length === 0) return 'unknown';
  const all = runs.map((run) => ofRun(run, wanted, today));
  return all.includes('fits') ? 'fits' : all.includes('unknown') ? 'unknown' : 'missing';
}
