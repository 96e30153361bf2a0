import { inspect } from 'node:util';
import { uncaught } from './setup.ts';

type Step = (...given: unknown[]) => unknown;
type Hook = (step: Step, limitMs?: number) => void;
type Declare = (name: string, step: Step, limitMs?: number) => void;
interface Declared extends Declare {
  readonly each: (...table: unknown[]) => Declare;
  readonly only: Declare;
  readonly skip: Declare;
  readonly todo: (name: string) => void;
}

/** What the runner puts into every test process. */
interface Provided {
  readonly test: Declared;
  readonly describe: unknown;
  readonly expect: unknown;
  readonly jest: Record<string, unknown>;
  readonly beforeAll: Hook;
  readonly afterAll: Hook;
  readonly beforeEach: Hook;
  readonly afterEach: Hook;
}

const provided = globalThis as unknown as Provided;

/**
 * How long a test or a hook may take, in milliseconds: enough for a machine many times slower and busy. For a test that takes longer still a longer limit can be stated, and no shorter one:
 * what it would tell is how fast the machine is.
 */
let usualMs = 180_000;

/** The runner prints an error's stack alone; what caused it, and what is thrown but no error, would be lost. */
function told(thrown: unknown): Error {
  if (!(thrown instanceof Error)) return new Error(`Thrown: ${inspect(thrown)}`);
  const { cause } = thrown;
  const errors = thrown instanceof AggregateError ? (thrown.errors as unknown[]) : [];
  for (const beneath of [cause, ...errors])
    if (beneath !== undefined) thrown.stack += `\n  because of ${inspect(beneath)}`;
  return thrown;
}

/** The runner knows no time limits: what hangs would hang for ever. Nor does it know of errors that are thrown beside a step. */
function limited(step: Step, statedMs = 0): Step {
  const limitMs = Math.max(statedMs, usualMs);
  return async (...given) => {
    const { promise: failed, reject } = Promise.withResolvers<never>();
    const timer = setTimeout(() => reject(new Error(`Not finished within ${limitMs} ms.`)), limitMs);
    uncaught.once('thrown', reject);
    try {
      await Promise.race([step(...given), failed]);
    } catch (error) {
      throw told(error);
    } finally {
      uncaught.off('thrown', reject);
      clearTimeout(timer);
    }
  };
}

const declaring =
  (declare: Declare): Declare =>
  (name, step, limitMs) =>
    declare(name, limited(step, limitMs));

const hooking =
  (hook: Hook): Hook =>
  (step, limitMs) =>
    hook(limited(step, limitMs));

export const { describe, expect } = provided;

export const test = Object.assign(declaring(provided.test), {
  each: (...table: unknown[]) => declaring(provided.test.each(...table)),
  only: declaring(provided.test.only),
  skip: provided.test.skip,
  todo: provided.test.todo,
});

export const beforeAll = hooking(provided.beforeAll);
export const afterAll = hooking(provided.afterAll);
export const beforeEach = hooking(provided.beforeEach);
export const afterEach = hooking(provided.afterEach);

export const jest = {
  ...provided.jest,
  setTimeout: (limitMs: number) => {
    usualMs = Math.max(limitMs, usualMs);
    return jest;
  },
};
