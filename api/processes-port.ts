import type { ReconciliationInput } from '../workflows/reconciliation.ts';
import type { SweepReport } from '../domain/sweep-report.ts';

/** Which open processes an operator asks for (G1). */
export interface ProcessSearch {
  readonly library: string;
  readonly process?: string | undefined;
  readonly state?: string | undefined;
  readonly patronId?: string | undefined;
  /** Epoch milliseconds. */
  readonly deadlineBefore?: number | undefined;
  readonly limit: number;
  readonly cursor?: string | undefined;
}

/** An open process as its search attributes show it; they may lag a second behind. Instants are epoch milliseconds. */
export interface OpenProcess {
  readonly workflowId: string;
  readonly process: string | null;
  readonly state: string | null;
  readonly library: string | null;
  readonly patronId: string | null;
  readonly deadline: number | null;
  readonly startedAt: number;
}

export interface ProcessPage {
  readonly processes: readonly OpenProcess[];
  readonly next: string | null;
}

/** Something the process has handed to a worker and waits for: a mail that does not go out, say. */
export interface PendingActivity {
  readonly activity: string;
  readonly attempt: number;
  /** Of the last attempt that failed; free of personal data. */
  readonly lastFailure: string | null;
  readonly nextAttemptAt: number | null;
}

export type ProcessStatus = 'running' | 'completed' | 'failed' | 'terminated' | 'cancelled' | 'timed-out';

/** What the engine knows of a process at this moment. */
export interface PresentState extends OpenProcess {
  readonly status: ProcessStatus;
  readonly closedAt: number | null;
  readonly historyEvents: number;
  /** When its next timer fires. */
  readonly nextTimerAt: number | null;
  readonly pending: readonly PendingActivity[];
}

export interface SweepRun {
  readonly workflowId: string;
  readonly startedAt: number;
  /** Null: it has not ended, or not well. */
  readonly report: SweepReport | null;
  readonly status: ProcessStatus;
}

/** What operators ask of the workflow engine. All of it throws EngineUnavailable when the engine cannot be reached. */
export interface Processes {
  readonly search: (search: ProcessSearch) => Promise<ProcessPage>;
  /** Undefined: the engine knows nothing of it, or no longer. */
  readonly look: (workflowId: string) => Promise<PresentState | undefined>;
  /** Undefined: there has been none yet. */
  readonly latestSweep: () => Promise<SweepRun | undefined>;
  /** Has the schedule sweep now; one that is under way goes on instead. False: no worker has set up the schedule yet. */
  readonly sweepNow: () => Promise<boolean>;
  /** Has a day of a library reconciled now (P9); a run of that day that is under way goes on instead. */
  readonly reconcile: (wish: ReconciliationInput) => Promise<void>;
  /** The engine's own page about a process, where there is one. */
  readonly pageOf: (workflowId: string) => string | undefined;
}
