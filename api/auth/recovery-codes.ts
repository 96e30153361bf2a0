import { createHmac, randomInt } from 'node:crypto';

/** Without letters and digits that are mistaken for others when read from paper. */
const readable = 'abcdefghjkmnpqrstuvwxyz23456789';

const codes = 10;
const half = () => Array.from({ length: 6 }, () => readable[randomInt(readable.length)]).join('');

/** Codes for the day the device is lost, about 59 bits each; to be told once and kept on paper. */
export function newRecoveryCodes(): string[] {
  return Array.from({ length: codes }, () => `${half()}-${half()}`);
}

/** The form in which a code is stored and looked up, whatever its hyphens and capitals. Keyed, so that the table alone gives nothing to guess with. */
export function hashRecoveryCode(key: Buffer, staffId: string, code: string): Buffer {
  const plain = code.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
  return createHmac('sha256', key).update(`${staffId}:${plain}`).digest();
}
