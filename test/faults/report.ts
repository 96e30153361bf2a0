import type { Fault } from './nemesis.ts';
import type { MailVerdict } from './mails.ts';

/** The figures of a run; `wrong` is empty when everything held. */
export interface FaultReport {
  readonly seconds: number;
  readonly lives: Readonly<Record<string, number>>;
  readonly requests: {
    readonly answered: number;
    readonly askedMoreThanOnce: number;
    readonly connectionsLost: number;
    readonly unavailable: number;
    readonly accepted: number;
    readonly askedAgain: number;
  };
  readonly faults: readonly Fault[];
  /** Programs that ended although nobody had killed them. */
  readonly crashes: Readonly<Record<string, number>>;
  readonly quietAfterSeconds: number;
  /** How late windows lapsed, in milliseconds: while something is down nothing lapses. */
  readonly lapses: { readonly count: number; readonly lateP50Ms: number; readonly lateMaxMs: number };
  readonly mails: MailVerdict;
  readonly audit: { readonly invariants: number; readonly broken: number };
  readonly wrong: readonly string[];
}

export function reportTable(report: FaultReport): string {
  const { requests, mails, audit } = report;
  const rows: [string, string | number][] = [
    ['seconds', report.seconds],
    ...Object.entries(report.lives).map(([kind, count]): [string, number] => [`lives: ${kind}`, count]),
    ['requests answered', requests.answered],
    ['  that had to be asked more than once', requests.askedMoreThanOnce],
    ['  connections lost', requests.connectionsLost],
    ['  answers 503', requests.unavailable],
    ['  answers 202', requests.accepted],
    ['  asked again at the end', requests.askedAgain],
    ...report.faults.map((fault): [string, string] => [
      `${fault.atSecond} s: ${fault.what}`,
      `away ${fault.downMs} ms, back in ${fault.backMs} ms`,
    ]),
    ...Object.entries(report.crashes).map(([name, count]): [string, number] => [
      `${name} ended by itself`,
      count,
    ]),
    ['quiet after the last life, seconds', report.quietAfterSeconds],
    ['windows lapsed', report.lapses.count],
    ['  late, median and most', `${report.lapses.lateP50Ms} ms, ${report.lapses.lateMaxMs} ms`],
    ['mails sent', mails.sent],
    ['  arrived once', mails.arrivedOnce],
    ['  twice, a worker was killed after sending', mails.twice.afterKill],
    ["  twice, the mail server's answer was lost", mails.twice.afterLostAnswer],
    ['  overtaken while being sent', mails.overtaken],
    ['invariants', audit.invariants],
    ['  broken', audit.broken],
    ['wrong', report.wrong.length],
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  const lines = rows.map(([name, value]) => `${name.padEnd(width)}  ${value}`);
  return [...lines, ...report.wrong.map((each) => `  - ${each}`)].join('\n');
}
