import { EventEmitter } from 'node:events';
import { registerHooks } from 'node:module';
import { inspect } from 'node:util';

const globals = new URL('./globals.ts', import.meta.url).href;

// Test files are loaded by node itself, for which `@jest/globals` is closed. A module of its own for each file: a file's time limit is its own.
registerHooks({
  resolve: (specifier, context, next) =>
    specifier === '@jest/globals'
      ? { url: `${globals}?for=${encodeURIComponent(context.parentURL ?? '')}`, shortCircuit: true }
      : next(specifier, context),
});

/** Tells the step under way of an error that nobody has caught. */
export const uncaught = new EventEmitter<{ thrown: [error: unknown] }>();

// What a finished file left behind must not take the process, and with it the file after, down.
process.on('uncaughtException', (error) => {
  if (!uncaught.emit('thrown', error)) process.stderr.write(`Nobody has caught: ${inspect(error)}\n`);
});
