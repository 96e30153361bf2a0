import { createServer, type ServerResponse } from 'node:http';
import { once } from 'node:events';

export interface HealthOptions {
  readonly port: number;
  /** Where the engine's runtime offers its own metrics on this machine. */
  readonly metricsAddress: string;
  readonly isReady: () => boolean;
  /** Further figures of the worker's own, in Prometheus' format. */
  readonly ownMetrics?: () => Promise<string>;
}

/** `/livez`, `/readyz` and the runtime's `/metrics`, on a port of their own. */
export async function serveHealth({
  port,
  metricsAddress,
  isReady,
  ownMetrics = async () => '',
}: HealthOptions): Promise<{ close: () => Promise<void> }> {
  const server = createServer((request, response) => {
    switch (String(request.url)) {
      case '/livez':
        return reply(response, 200, 'alive\n');
      case '/readyz':
        return isReady() ? reply(response, 200, 'ready\n') : reply(response, 503, 'not ready\n');
      case '/metrics':
        return void relay(response, metricsAddress, ownMetrics);
      default:
        return reply(response, 404, 'not found\n');
    }
  });
  server.listen(port);
  await once(server, 'listening');
  return {
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close').catch(() => undefined);
    },
  };
}

function reply(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' }).end(body);
}

async function relay(
  response: ServerResponse,
  address: string,
  ownMetrics: () => Promise<string>,
): Promise<void> {
  try {
    const answer = await fetch(`http://${address}/metrics`, { signal: AbortSignal.timeout(5_000) });
    reply(response, answer.status, `${await answer.text()}${await ownMetrics()}`);
  } catch {
    reply(response, 503, 'the runtime does not answer\n');
  }
}
