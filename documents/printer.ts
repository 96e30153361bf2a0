import { Piscina } from 'piscina';
import type { presses } from './print-thread.ts';

type Presses = typeof presses;
type Print<P extends keyof Presses> = Presses[P] extends (texts: never, ...given: infer Given) => unknown
  ? (...given: Given) => Promise<Buffer>
  : never;

/**
 * Prints PDFs in a thread of its own: setting a page in Chinese type takes a tenth of a second of computing, the first one a second, in which
 * the process would answer nobody. What is given crosses to the thread as a copy, so it must be data.
 */
export type Printer = { readonly [P in keyof Presses]: Print<P> } & {
  /** Ends the thread; what is being printed is lost. */
  readonly close: () => Promise<void>;
};

/** A thread that nobody asked for anything so long ends, and gives its fonts back. */
const idleMs = 5 * 60_000;
/** How many may wait; the one after is refused with an error. */
const mostWaiting = 1_000;

/** Makes a printer whose documents speak by the locales of that folder. Its thread begins with the first document. */
export function createPrinter(locales: string): Printer {
  const pool = new Piscina({
    filename: new URL('./print-thread.ts', import.meta.url).href,
    workerData: { locales },
    minThreads: 0,
    maxThreads: 1,
    idleTimeout: idleMs,
    maxQueue: mostWaiting,
  });
  const print = async (press: keyof Presses, given: readonly unknown[]): Promise<Buffer> => {
    const bytes = (await pool.run({ press, given })) as Uint8Array;
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  };
  return {
    document: (...given) => print('document', given),
    transferForm: (...given) => print('transferForm', given),
    settlement: (...given) => print('settlement', given),
    close: () => pool.destroy(),
  };
}
