import { once } from 'node:events';
import { createServer } from 'node:http';
import type { MikroORM } from '@mikro-orm/postgresql';
import { Histogram, Registry, collectDefaultMetrics } from 'prom-client';
import { addBusinessGauges } from './gauges.ts';
import type { Answered } from './observe.ts';

export interface Metrics {
  readonly answered: (answered: Answered) => void;
  /** The figures as Prometheus reads them. */
  readonly text: () => Promise<string>;
}

const buckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** The API's figures: answered requests by route, the process, and the business of the libraries. */
export function createMetrics(orm: MikroORM, clock: () => number): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const duration = new Histogram({
    name: 'carrel_http_request_duration_seconds',
    help: 'How long requests take, by the template of their route.',
    labelNames: ['method', 'route', 'status'],
    buckets,
    registers: [registry],
  });
  const readBusiness = addBusinessGauges(registry, orm, clock);
  return {
    answered: ({ method, route, status, milliseconds }) =>
      duration.observe({ method, route, status }, milliseconds / 1000),
    text: async () => {
      await readBusiness();
      return registry.metrics();
    },
  };
}

/** Serves `/metrics` on a port of its own, which need not be open to the world. */
export async function serveMetrics(
  metrics: Metrics,
  port: number,
): Promise<{ port: number; close: () => void }> {
  const server = createServer((request, response) => {
    if (request.url !== '/metrics') {
      response.writeHead(404).end();
      return;
    }
    metrics.text().then(
      (text) =>
        response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' }).end(text),
      () => response.writeHead(500).end(),
    );
  });
  server.listen(port);
  await once(server, 'listening');
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : port,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
