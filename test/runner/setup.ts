import { registerHooks } from 'node:module';

const globals = new URL('./globals.ts', import.meta.url).href;

// Test files are loaded by node itself, for which `@jest/globals` is closed. A module of its own for each file: a file's time limit is its own.
registerHooks({
  resolve: (specifier, context, next) =>
    specifier === '@jest/globals'
      ? { url: `${globals}?for=${encodeURIComponent(context.parentURL ?? '')}`, shortCircuit: true }
      : next(specifier, context),
});
