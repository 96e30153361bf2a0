import { createHash } from 'node:crypto';
import type { Request } from 'express';
import { z } from 'zod';
import type { Caller } from './caller.ts';
import { problem } from './problem.ts';
import { told } from './schemas/told.ts';

/** A request's body that is a file and not JSON: which media types it may be sent as, and how many bytes it may have. */
export interface FileRule {
  readonly mediaTypes: readonly string[];
  readonly maxBytes: number | ((caller: Caller | undefined) => number);
}

/** A file as it was sent. What it is, its bytes tell: the media type is what the sender says. */
export interface GivenFile {
  readonly mediaType: string;
  readonly bytes: Buffer;
  /** SHA-256 of the bytes, in base64url. */
  readonly hash: string;
}

/** The body of a route with a `file` rule. */
export const fileBody = z.custom<GivenFile>((file) => file !== undefined, told('field-required'));

/** The body of a reply that is a file; the reply's headers state its `Content-Type`. */
export const fileBytes = z.instanceof(Buffer).meta({ override: { type: 'string', format: 'binary' } });

/** An idempotency key's fingerprint is made of the hash. */
function fileOf(mediaType: string, bytes: Buffer): GivenFile {
  const hash = createHash('sha256').update(bytes).digest('base64url');
  return { mediaType, bytes, hash, toJSON: () => ({ mediaType, hash }) } as GivenFile;
}

const tooLarge = (maxBytes: number) => problem('body-too-large', { maxBytes });

/**
 * Reads a body whose bytes are a file; undefined when there is none. One that is too large is refused as soon as that is known – by its stated length before any
 * of it is read, otherwise with the first byte too many. What is left of it is let run into nothing, for as long as a request may take: a connection that is
 * cut while somebody sends shows them an error of the network and not the answer.
 */
export async function readFile(
  request: Request,
  { mediaTypes, maxBytes }: FileRule,
  caller: Caller | undefined,
): Promise<GivenFile | undefined> {
  const most = typeof maxBytes === 'number' ? maxBytes : maxBytes(caller);
  const mediaType = request.is([...mediaTypes]);
  if (mediaType === null) return undefined;
  if (mediaType === false || (request.get('content-encoding') ?? 'identity') !== 'identity')
    throw problem('unsupported-media-type', {}, { headers: { Accept: mediaTypes.join(', ') } });
  if (Number(request.get('content-length') ?? 0) > most) throw tooLarge(most);
  const bytes = await collect(request, most);
  return bytes.length === 0 ? undefined : fileOf(mediaType, bytes);
}

/** Not by iterating the stream: leaving the loop would destroy the connection before the answer is sent. */
function collect(request: Request, most: number): Promise<Buffer> {
  const parts: Buffer[] = [];
  let size = 0;
  return new Promise((resolve, reject) => {
    request.on('data', (part: Buffer) => {
      size += part.length;
      if (size <= most) parts.push(part);
      else {
        parts.length = 0;
        reject(tooLarge(most));
      }
    });
    request.once('end', () => resolve(Buffer.concat(parts)));
    request.once('error', reject);
    request.once('close', () => reject(problem('invalid-input')));
  });
}
