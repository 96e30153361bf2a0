import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Behaviour = (request: IncomingMessage, response: ServerResponse) => void;

export interface SruServer {
  readonly url: string;
  /** The addresses asked for so far. */
  readonly asked: URL[];
  readonly behave: (how: Behaviour) => void;
  readonly stop: () => Promise<void>;
}

/** A catalogue that behaves as it is told. */
export async function startSruServer(): Promise<SruServer> {
  let behaviour: Behaviour = (_request, response) => response.end();
  const asked: URL[] = [];
  const server = createServer((request, response) => {
    asked.push(new URL(request.url ?? '/', 'http://catalogue.example'));
    behaviour(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/sru`,
    asked,
    behave: (how) => (behaviour = how),
    stop: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

export const answering =
  (xml: string | Buffer, contentType = 'text/xml; charset=utf-8', status = 200): Behaviour =>
  (_request, response) => {
    response.writeHead(status, { 'content-type': contentType }).end(xml);
  };

const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

/** A response as servers write it: version 1.1 and 1.2 under `zs:`, 2.0 under its own name; records as XML or as a string. */
export function sruResponse(
  records: readonly string[],
  { packing = 'xml', prefix = 'zs:', total = records.length, diagnostic = '' } = {},
): string {
  const each = records.map(
    (record) =>
      `<${prefix}record><${prefix}recordSchema>marcxml</${prefix}recordSchema><${prefix}recordData>${packing === 'xml' ? record : escaped(record)}</${prefix}recordData></${prefix}record>`,
  );
  const namespace = prefix === '' ? 'xmlns' : `xmlns:${prefix.slice(0, -1)}`;
  return `<?xml version="1.0" encoding="UTF-8"?>\r\n<${prefix}searchRetrieveResponse ${namespace}="http://www.loc.gov/zing/srw/">
    <${prefix}numberOfRecords>${total}</${prefix}numberOfRecords><${prefix}records>${each.join('\r\n')}</${prefix}records>${diagnostic}</${prefix}searchRetrieveResponse>`;
}

export const marcRecord = (id: string, ...fields: readonly string[]) =>
  `<marc:record xmlns:marc="http://www.loc.gov/MARC21/slim"><marc:leader>00000nam a2200000 a 4500</marc:leader><marc:controlfield tag="001">${id}</marc:controlfield>${[
    field('020', ['a', '9783940000026']),
    field('100', ['a', 'Melville, Herman']),
    field('245', ['a', 'Moby-Dick <& co>']),
    ...fields,
  ].join('')}</marc:record>`;

export const field = (tag: string, ...subfields: readonly (readonly [string, string])[]) =>
  `<marc:datafield tag="${tag}" ind1=" " ind2=" ">${subfields
    .map(([code, text]) => `<marc:subfield code="${code}">${escaped(text)}</marc:subfield>`)
    .join('')}</marc:datafield>`;
