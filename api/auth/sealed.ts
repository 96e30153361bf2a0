import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

const version = 'v1';
const nonceLength = 12;
const tagLength = 16;

/**
 * Encrypts a short secret for the database: AES-256-GCM with a random nonce. `belongsTo` is authenticated with it, so that a sealed secret does not open when it is
 * moved to another row.
 */
export function seal(key: Buffer, belongsTo: string, plain: string): string {
  const nonce = randomBytes(nonceLength);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(belongsTo));
  const sealed = Buffer.concat([nonce, cipher.update(plain, 'utf8'), cipher.final(), cipher.getAuthTag()]);
  return `${version}.${sealed.toString('base64url')}`;
}

/** Opens what `seal` has made. Throws when the key or the row is another, or anything was changed. */
export function unseal(key: Buffer, belongsTo: string, sealed: string): string {
  const [given, text = ''] = sealed.split('.');
  if (given !== version) throw new Error('A sealed secret has an unknown form.');
  const bytes = Buffer.from(text, 'base64url');
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, nonceLength), {
    authTagLength: tagLength,
  }).setAAD(Buffer.from(belongsTo));
  decipher.setAuthTag(bytes.subarray(-tagLength));
  const plain = decipher.update(bytes.subarray(nonceLength, -tagLength));
  return Buffer.concat([plain, decipher.final()]).toString('utf8');
}
