/**
 * Where a process stands, as its activities answer it. Instants are epoch milliseconds.
 * The workflow asks, delivers what is queued, sleeps until `wakeAt`, and asks again.
 */
export interface Standing {
  readonly state: string;
  /** What operators see as the state where that is coarser: each change of it costs an event. */
  readonly shown?: string;
  /** The next instant at which the process must look again, whether or not anybody calls. */
  readonly wakeAt?: number;
  /** What an operator sees as the deadline: the end of a pickup window, a due date. */
  readonly deadline?: number;
  /** Notices queued for this process and not yet settled; the workflow delivers them. */
  readonly deliver: readonly string[];
  readonly ended: boolean;
  /** When this was so; of two standings the later one holds. */
  readonly asOf: number;
}
