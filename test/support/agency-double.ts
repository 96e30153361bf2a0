import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readMessage, type Reading } from '../../iso18626/read.ts';

export interface Heard extends Reading {
  readonly xml: string;
}

/** What a foreign agency answers a message with: a document, or nothing but a status. */
export type Answering = (heard: Heard) => string | number;

/** A foreign agency: takes in messages and answers them as it is told to; itself it says what the test says for it. */
export async function openAgencyDouble(answering: Answering) {
  const heard: Heard[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const xml = Buffer.concat(chunks).toString('utf8');
      const letter = { ...readMessage(xml), xml };
      const answer = answering(letter);
      heard.push(letter);
      if (typeof answer === 'number') response.writeHead(answer).end();
      else response.writeHead(200, { 'content-type': 'application/xml' }).end(answer);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    heard,
    /** Says something; answers what was answered. */
    say: async (url: string, xml: string, headers: Readonly<Record<string, string>> = {}) => {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/xml', ...headers },
        body: xml,
      });
      const text = await response.text();
      return { status: response.status, xml: text, ...readMessage(text) };
    },
    close: async () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

export type AgencyDouble = Awaited<ReturnType<typeof openAgencyDouble>>;
