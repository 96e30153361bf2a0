import { z } from 'zod';
import { decodeXml } from '../../peers/decode.ts';
import { createProve } from '../../peers/proof.ts';
import { receive } from '../../peers/receive.ts';
import { networkOf } from '../auth/address.ts';
import { createFailureLimit } from '../auth/failure-limit.ts';
import { locked } from '../auth/locked.ts';
import type { ApiDeps } from '../deps.ts';
import { fileBody } from '../files.ts';
import { problem } from '../problem.ts';
import type { Route } from '../route.ts';
import { route } from '../route.ts';
import { libraryCode } from '../schemas/values.ts';

/** A request has a few kilobytes. */
const maxBytes = 256 * 1024;

const mostFailures = 30;
const whileMs = 10 * 60_000;

const mediaType = 'application/xml; charset=utf-8';

/**
 * Where other agencies' messages come in (I18). What is answered with 200 is a confirmation: the message is stored, or it says why not. The processes are told after the answer; the sweep finds
 * what they were not told.
 */
export function iso18626Routes({ orm, policies, peerKeys, config, commands, logger }: ApiDeps): Route[] {
  const prove = createProve(peerKeys);
  const limit = createFailureLimit(mostFailures, whileMs);
  const certificateIn = (headers: Readonly<Record<string, unknown>>, throughProxy: boolean) => {
    const { peerCertificateHeader: name } = config;
    const subject = name !== undefined && throughProxy ? headers[name] : undefined;
    return typeof subject === 'string' ? subject : undefined;
  };
  return [
    route({
      method: 'post',
      path: '/iso18626/:library',
      summary: 'Take a message of ISO 18626 from another agency',
      description:
        'For the agencies of the library’s policy, with up to 256 KiB. They prove themselves by the secret agreed on – as a bearer token, as the password of HTTP Basic, or in the message’s `requestingAgencyAuthentication` – or by a client certificate. One message of edition 2017 (schema 1.2) or 2021; the answer is its confirmation, in the edition agreed on, and says that the message is stored, or what is wrong with it. The same message again gets the same confirmation.',
      access: 'public',
      params: z.strictObject({ library: libraryCode }),
      headers: z.looseObject({}),
      file: { mediaTypes: ['application/xml', 'text/xml'], maxBytes },
      body: fileBody,
      problems: ['unauthenticated', 'too-many-attempts'],
      responses: {
        200: {
          description: 'The confirmation; `messageStatus` says whether the message was taken.',
          body: z.string(),
          mediaType: 'application/xml',
        },
      },
    }).handle(async ({ params: { library }, headers, body, now, address, throughProxy }) => {
      if (!policies.has(library) || policies.get(library).ill === 'none') throw problem('not-found');
      const network = networkOf(address);
      const until = limit.closedUntil(network, now);
      if (until !== undefined) throw locked(policies.get(library), until, now);
      const authorization = headers.authorization as string | undefined;
      const certificate = certificateIn(headers, throughProxy);
      const received = await receive(
        { orm, policies },
        {
          library,
          xml: decodeXml(body.bytes),
          prove: (securityCode) => prove(library, { authorization, certificate, securityCode }),
          now,
        },
      );
      if (received.outcome === 'unauthenticated') {
        limit.failed(network, now);
        throw problem('unauthenticated', {}, { headers: { 'WWW-Authenticate': 'Bearer, Basic' } });
      }
      if (received.rouse.length > 0)
        commands
          .rouse(received.rouse)
          .catch((error: unknown) => logger.warn({ err: error, library }, 'not told of a message yet'));
      return { status: 200, headers: { 'Content-Type': mediaType }, body: received.xml };
    }),
  ];
}
