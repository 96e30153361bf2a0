import { z } from 'zod';
import type { OidcProvider } from '../../domain/policy-identity.ts';
import type { Person } from './service.ts';

/** What others state is no better than what readers type: short, one line, no control characters; otherwise it counts as not stated. */
const line = (max: number) =>
  z
    .union([z.string(), z.int().transform(String)])
    .transform((text) => text.normalize('NFC').trim())
    .pipe(
      z
        .string()
        .min(1)
        .max(max)
        .regex(/^[^\p{Cc}\p{Zl}\p{Zp}]*$/u),
    );

const subject = line(255);
const number = line(64);
const name = line(200);
const email = z.email().max(254);

const read = <T>(schema: z.ZodType<T>, value: unknown): T | null => schema.safeParse(value).data ?? null;

function isOf(domains: readonly string[], address: string): boolean {
  return domains.includes(address.slice(address.lastIndexOf('@') + 1).toLowerCase());
}

export interface Statement {
  readonly subject: unknown;
  readonly number: unknown;
  readonly name: unknown;
  readonly email: unknown;
  /** Only `true` itself counts. */
  readonly emailVerified: unknown;
}

/** Reads what a provider states. Undefined without a subject. An address is trusted only of the policy's domains, whatever the provider says of it. */
export function personOf(
  { emailDomains }: Pick<OidcProvider, 'emailDomains'>,
  stated: Statement,
): Person | undefined {
  const who = read(subject, stated.subject);
  if (who === null) return undefined;
  const address = read(email, stated.email);
  return {
    subject: who,
    number: read(number, stated.number),
    name: read(name, stated.name),
    email: address,
    emailTrusted: address !== null && stated.emailVerified === true && isOf(emailDomains, address),
  };
}
