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
