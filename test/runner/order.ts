/** A file of tests, as jest gives it to the runner. */
export interface Timed {
  readonly path: string;
  /** Milliseconds it took the last time, where this machine remembers. */
  readonly duration?: number | undefined;
}

/** What takes long, in seconds as measured on two cores, for machines that remember nothing: a fresh clone, a build server. What is not named takes less than ten. */
const seconds: Readonly<Record<string, number>> = {
  'journeys/operator-sweep': 15,
  'ill/disturbed-wire': 35,
  'api/access': 30,
  'races/holds': 29,
  'journeys/erasure': 29,
  'ill/lender-string': 28,
  'audit/invariants': 26,
  'journeys/membership': 12,
  'bounces/imap': 25,
  'journeys/reconciliation': 25,
  'journeys/bank': 24,
  'workflows/events': 21,
  'dev/start': 21,
  'ill/centre': 21,
  'journeys/gateway-notifications': 21,
  'workflows/hold': 21,
  'workflows/ill': 20,
  'api/process': 18,
  'replay/replay': 18,
  'db/reconciliation-plans': 18,
  'audit/command': 18,
  'races/desk-money': 17,
  'activities/supply': 17,
  'races/money-model': 17,
  'activities/match-entries': 16,
  'journeys/internal-transfer': 16,
  'ill/commits': 40,
  'journeys/reconciliation-interrupted': 15,
  'journeys/reader-limits': 15,
  'journeys/requests': 15,
  'documents/print': 15,
  'ill/settlement': 15,
  'workflows/registration': 15,
  'journeys/returned-mail': 15,
  'journeys/desk-calls': 15,
  'races/desk': 14,
  'races/family-fees': 14,
  'journeys/registration-review': 14,
  'journeys/desk-at-once': 14,
  'peers/send': 13,
  'journeys/desk-lists': 13,
  'journeys/operator-registration': 13,
  'api/enumeration': 12,
  'journeys/reader-holds': 12,
  'ill/week-down': 12,
  'ill/union': 12,
  'journeys/family': 11,
  'ill/price-asked': 11,
  'api/applications': 11,
  'races/families': 11,
  'identity/oidc': 11,
  'dev/postgres': 11,
  'uploads/uploads': 11,
  'api/password-links': 11,
  'activities/entry-decisions': 10,
  'races/requests': 10,
};

const secondsOf = ({ path, duration }: Timed): number =>
  duration === undefined ? (seconds[/test\/(.+)\.test\.ts$/.exec(path)?.[1] ?? ''] ?? 0) : duration / 1_000;

/** What takes long comes first, the rest in the order given: whatever begins last and takes a minute is waited for with nothing left to do beside it. */
export const longestFirst = <File extends Timed>(files: readonly File[]): File[] =>
  files.toSorted((one, other) => secondsOf(other) - secondsOf(one));
