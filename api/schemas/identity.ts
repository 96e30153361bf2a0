import { z } from 'zod';
import { inCookie } from './sessions.ts';
import { id, instant, line, password } from './values.ts';

const secret = line(100);

export const begun = z
  .strictObject({
    id,
    secret: z.string().describe('Told only here; for the browser or portal that has begun, and nobody else.'),
    url: z.string().optional().describe('Where to send the browser.'),
    expiresAt: instant,
  })
  .meta({ id: 'IdentityVerification' });

const fromProvider = z.strictObject({
  secret,
  query: line(4096).describe('The query with which the browser came back: `code=…&state=…`.'),
  cookie: inCookie,
});

const fromList = z.strictObject({ secret, number: line(64), password, cookie: inCookie });

export const complete = z.union([fromProvider, fromList]);

export const verifiedIdentity = z
  .strictObject({
    id,
    number: z.string().nullable().describe('Student or staff number.'),
    name: z.string().nullable(),
    email: z.string().nullable(),
    emailTrusted: z.boolean().describe('The address need not be confirmed by a mail.'),
    expiresAt: instant,
  })
  .meta({ id: 'VerifiedIdentity' });

export const ownIdentity = z
  .strictObject({ id, provider: z.string(), boundAt: instant })
  .meta({ id: 'OwnIdentity' });
