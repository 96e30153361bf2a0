import { expect, test } from '@jest/globals';
import { ServiceError } from '@temporalio/client';
import { asUnavailable, isUnavailable } from '../../api/engine-errors.ts';
import { EngineUnavailable } from '../../api/commands-port.ts';

/** As gRPC reports it, wrapped by the client as it wraps everything. */
function fromEngine(code: number, details: string): Error {
  const cause = Object.assign(new Error(`${code}: ${details}`), { code, details, metadata: {} });
  return new ServiceError('Workflow Update failed', { cause });
}

const lostTask = 'Unable to perform workflow execution update due to unexpected workflow task failure.';
const failedTask = 'Unable to perform workflow execution update due to Workflow Task in failed state.';

test.each([
  [2, 'database is locked'],
  [4, 'deadline exceeded'],
  [8, 'namespace rate limit exceeded'],
  [10, 'operation was aborted'],
  [13, 'received RST_STREAM with code 2'],
  [14, 'connection refused'],
  [9, lostTask],
  [9, failedTask],
])('G1 engine trouble (gRPC %i, %s) is a matter of trying again', (code, details) => {
  expect(asUnavailable(fromEngine(code, details))).toBeInstanceOf(EngineUnavailable);
});

test('G1 engine trouble with an update that was sent with its start, as the client rewrites it, is a matter of trying again', () => {
  const cause = Object.assign(new Error(failedTask), { code: 9, details: '\u0001\u0002', metadata: {} });
  expect(isUnavailable(new ServiceError('Update-With-Start failed', { cause }))).toBe(true);
});

test.each([
  [3, 'invalid argument'],
  [9, 'namespace is being deleted'],
  [5, 'workflow not found'],
])('G1 other engine errors (gRPC %i, %s) are not', (code, details) => {
  expect(isUnavailable(fromEngine(code, details))).toBe(false);
});
