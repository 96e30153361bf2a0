import { Temporal } from 'temporal-polyfill';
import type { CataloguePolicy } from '../../domain/policy-suppliers.ts';
import { readSruResponse, type SruAnswer } from './sru-response.ts';

const maxBytes = 4 * 1024 * 1024;

/** The request's address (SRU over GET). Version 2.0 has no `operation`, and other names for packing and version. */
export function sruAddress(
  { url, version, schema, records }: Pick<CataloguePolicy, 'url' | 'version' | 'schema' | 'records'>,
  query: string,
): URL {
  const address = new URL(url);
  const ask = (name: string, value: string) => address.searchParams.set(name, value);
  if (version === '2.0') ask('recordXMLEscaping', 'xml');
  else {
    ask('operation', 'searchRetrieve');
    ask('version', version);
    ask('recordPacking', 'xml');
  }
  ask('query', query);
  ask('maximumRecords', String(records));
  ask('recordSchema', schema);
  return address;
}

/** Reads no more than is allowed, whatever the server says of its length. */
async function bytesOf({ body }: Response): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const piece of body ?? []) {
    size += piece.length;
    if (size > maxBytes) throw new Error('The answer is longer than 4 MiB.');
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}

/** XML says its encoding itself, or HTTP does; without either it is UTF-8. */
function textOf(bytes: Uint8Array, contentType: string | null): string {
  const start = Buffer.from(bytes.subarray(0, 200)).toString('latin1');
  const declared = /^[^<]*<\?xml[^>]*encoding\s*=\s*["']([\w-]+)/u.exec(start)?.[1];
  const label = /charset\s*=\s*"?([\w-]+)/iu.exec(contentType ?? '')?.[1] ?? declared ?? 'utf-8';
  try {
    return new TextDecoder(label, { fatal: true }).decode(bytes);
  } catch {
    throw new Error(`The answer is not in the encoding that it states (${label}).`);
  }
}

/** Why nothing came, for people: `fetch failed` says nothing. */
function inWords(error: unknown, timeout: string): Error {
  const { name, message, cause } = error as Partial<Error>;
  if (name === 'TimeoutError') return new Error(`There was no answer within ${timeout}.`);
  if (cause === undefined) return new Error(message ?? String(error));
  const { code, message: why } = cause as { readonly code?: string; readonly message?: string };
  return new Error(`There was no connection: ${why || code || 'nobody knows why'}`);
}

/**
 * Asks a catalogue (SRU, searchRetrieve). Redirections are not followed: the policy's address is the only one. Throws an `Error` in plain words when there is no usable answer: refused, timed
 * out, an HTTP status, no XML, a diagnostic and no record.
 */
export async function searchSru(catalogue: CataloguePolicy, query: string): Promise<SruAnswer> {
  const milliseconds = Temporal.Duration.from(catalogue.timeout).total('milliseconds');
  try {
    const response = await fetch(sruAddress(catalogue, query), {
      headers: { accept: 'application/sru+xml, application/xml, text/xml' },
      redirect: 'manual',
      signal: AbortSignal.timeout(milliseconds),
    });
    if (!response.ok) {
      await response.body?.cancel();
      throw new Error(`It answered with HTTP status ${response.status}.`);
    }
    const answer = readSruResponse(textOf(await bytesOf(response), response.headers.get('content-type')));
    const [trouble] = answer.diagnostics;
    if (trouble !== undefined && answer.records.length === 0) throw new Error(`It said: ${trouble}`);
    return answer;
  } catch (error) {
    throw inWords(error, catalogue.timeout);
  }
}
