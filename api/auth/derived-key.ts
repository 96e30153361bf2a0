import { hkdfSync } from 'node:crypto';

export type KeyPurpose = 'totp' | 'recovery-code' | 'csrf';

/** A key of 256 bits for one purpose, derived from the installation's secret by HKDF-SHA256; keys of different purposes tell nothing of each other. */
export function derivedKey(secret: string, purpose: KeyPurpose): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, 'carrel', purpose, 32));
}
