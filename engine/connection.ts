import { fileURLToPath } from 'node:url';
import { Client, Connection } from '@temporalio/client';
import type { DataConverter } from '@temporalio/common';
import type { TemporalConfig } from '../config/config.ts';
import { createCodec } from './codec.ts';

/** How payloads are written; the API and the workers must agree on it. */
export function dataConverter({ payloadKeys }: Pick<TemporalConfig, 'payloadKeys'>): DataConverter {
  return {
    failureConverterPath: fileURLToPath(import.meta.resolve('./failure-converter.ts')),
    payloadCodecs: payloadKeys.length > 0 ? [createCodec(payloadKeys)] : [],
  };
}

/** The same TLS and credentials for a client's connection and a worker's. */
export function connectionOptions({ address, tls, apiKey }: TemporalConfig) {
  return { address, tls: tlsOptions(tls), ...(apiKey && { apiKey }) };
}

function tlsOptions(tls: TemporalConfig['tls']) {
  if (!tls) return false;
  const { ca, cert, key } = tls;
  return {
    ...(ca && { serverRootCACertificate: ca }),
    ...(cert && key && { clientCertPair: { crt: cert, key } }),
  };
}

/** A client that connects when it is first used, so that a process can start while the engine is down. */
export function createClient(config: TemporalConfig): Client {
  const connection = Connection.lazy({ ...connectionOptions(config), connectTimeout: '5s' });
  return new Client({ connection, namespace: config.namespace, dataConverter: dataConverter(config) });
}
