import {
  isGrpcDeadlineError,
  isGrpcServiceError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
} from '@temporalio/client';
import { EngineUnavailable } from './commands-port.ts';

/** Asks the engine; throws EngineUnavailable when it cannot be reached or does not answer in time. */
export async function asEngine<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw asUnavailable(error);
  }
}

export function isTimeout(error: unknown): boolean {
  return error instanceof WorkflowUpdateRPCTimeoutOrCancelledError || isGrpcDeadlineError(rootOf(error));
}

const unavailable = new Set([1, 2, 4, 8, 10, 13, 14]);
const failedPrecondition = new Set([9]);

/**
 * Cancelled, unknown, deadline exceeded, resource exhausted, aborted, internal, unavailable: the engine's trouble, not the request's, which may be made again. So is an update
 * whose workflow task went down with a killed worker or server: the engine has not kept it.
 */
export function isUnavailable(error: unknown): boolean {
  if (error instanceof EngineUnavailable || isTimeout(error)) return true;
  const root = rootOf(error);
  if (!isGrpcServiceError(root)) return false;
  // Of an update that was sent with its start, the client has the engine's words in the message, and bytes in the details.
  const words = `${root.message} ${root.details}`;
  return unavailable.has(root.code) || (failedPrecondition.has(root.code) && /workflow task/i.test(words));
}

/** The same error, or EngineUnavailable when that is what it means. */
export function asUnavailable(error: unknown): unknown {
  return isUnavailable(error) && !(error instanceof EngineUnavailable) ? new EngineUnavailable(error) : error;
}

function rootOf(error: unknown): unknown {
  return error instanceof Error && error.cause ? rootOf(error.cause) : error;
}
