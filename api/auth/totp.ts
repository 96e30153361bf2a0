import { Secret, TOTP } from 'otpauth';

const periodMs = 30_000;

/** One step either way, for a device whose clock is not quite right (RFC 6238, 5.2). */
const drift = 1;

/** A new secret for a device: 160 random bits in base32. */
export function newTotpSecret(): string {
  return new Secret({ size: 20 }).base32;
}

function totp(secret: string, issuer = '', label = ''): TOTP {
  return new TOTP({
    issuer,
    label,
    secret: Secret.fromBase32(secret),
    algorithm: 'SHA1',
    digits: 6,
    period: periodMs / 1000,
  });
}

/** What a device reads from a QR code: `otpauth://totp/…`. */
export function totpUri(secret: string, { issuer, login }: { issuer: string; login: string }): string {
  return totp(secret, issuer, login).toString();
}

/**
 * The thirty-second step whose code this is; undefined when it is none of those around `now` (epoch milliseconds), or not after `lastStep`: a code is accepted
 * once, and none that is older than the last.
 */
export function acceptedStep(
  secret: string,
  code: string,
  { now, lastStep }: { readonly now: number; readonly lastStep: number | null },
): number | undefined {
  if (!/^\d{6}$/.test(code)) return undefined;
  const delta = totp(secret).validate({ token: code, timestamp: now, window: drift });
  if (delta === null) return undefined;
  const step = Math.floor(now / periodMs) + delta;
  return lastStep !== null && step <= lastStep ? undefined : step;
}
