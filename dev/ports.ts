import { createServer } from 'node:net';
import { SetupError, codeOf } from './setup-error.ts';

/** A TCP port nobody listens on at the moment. */
export function freePort(): Promise<number> {
  return listenOnce(0);
}

/**
 * Checks that `port` can be listened on, on every address of this machine.
 * Refuses with a SetupError that names the part of the stack and the variable which moves it.
 */
export async function requireFreePort(port: number, part: string, variable: string): Promise<void> {
  try {
    await listenOnce(port);
  } catch (error) {
    if (codeOf(error) === 'EADDRINUSE') {
      throw new SetupError(
        `Port ${port}, wanted for ${part}, is taken by another program: stop that program, or set ${variable} to a free port.`,
      );
    }
    throw new SetupError(
      `Port ${port}, wanted for ${part}, cannot be used (${codeOf(error)}): set ${variable}.`,
    );
  }
}

function listenOnce(port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(port, () => {
      const bound = probe.address();
      probe.close(() => resolve(typeof bound === 'object' ? (bound?.port ?? port) : port));
    });
  });
}
