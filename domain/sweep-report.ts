/** What a sweep found and did. Lists hold workflow ids, at most a hundred each; counts are exact. */
export interface SweepReport {
  readonly looked: number;
  /** Open rows whose workflow had gone: started again. */
  readonly restarted: Finding;
  /** Processes that should have acted by now: woken. */
  readonly woken: Finding;
  /** Open workflows without any row: left for an operator. */
  readonly orphans: Finding;
}

export interface Finding {
  readonly count: number;
  readonly ids: readonly string[];
}

const kept = 100;

export function finding(ids: readonly string[]): Finding {
  return { count: ids.length, ids: ids.slice(0, kept) };
}

/** Two pages' findings as one. */
export function addReports(a: SweepReport, b: SweepReport): SweepReport {
  const sum = (x: Finding, y: Finding): Finding => ({
    count: x.count + y.count,
    ids: [...x.ids, ...y.ids].slice(0, kept),
  });
  return {
    looked: a.looked + b.looked,
    restarted: sum(a.restarted, b.restarted),
    woken: sum(a.woken, b.woken),
    orphans: sum(a.orphans, b.orphans),
  };
}
