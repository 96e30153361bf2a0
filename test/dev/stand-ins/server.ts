import { createServer } from 'node:http';

/** Stands in for the worker and the API: ready on `port`, ends on SIGTERM, and with an error when `/fall` is asked for. */
export function stand(port: string | undefined): void {
  const server = createServer((request, response) => {
    response.end();
    if (request.url !== '/fall') return;
    process.stderr.write('Out of luck\n');
    process.exit(7);
  });
  server.listen(Number(port), '127.0.0.1');
  process.once('SIGTERM', () => process.exit(0));
}
