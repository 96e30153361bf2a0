import { createCipheriv, createDecipheriv, createSecretKey, type KeyObject, randomBytes } from 'node:crypto';
import type { Payload, PayloadCodec } from '@temporalio/common';
import proto from '@temporalio/proto';
import type { PayloadKey } from '../config/values.ts';

const encoding = Buffer.from('binary/encrypted');
const encodingName = encoding.toString();
const ivBytes = 12;
const tagBytes = 16;

/**
 * Encrypts what workflows and activities exchange, with AES-256-GCM. The first key encrypts, every key decrypts: a key is rotated by putting a new one in front and
 * taking the old one away when the last history that used it is gone. A payload that is not encrypted passes, so that encryption can be switched on.
 */
export function createCodec(keys: readonly PayloadKey[]): PayloadCodec {
  // Key objects once, not bytes each time: the runtime would wrap them anew for every payload.
  const byId = new Map(keys.map(({ id, key }) => [id, createSecretKey(key)]));
  const [active] = byId;
  if (!active) throw new Error('A codec needs at least one key.');
  return {
    encode: async (payloads) => payloads.map((payload) => encrypt(active, payload)),
    decode: async (payloads) => payloads.map((payload) => decrypt(byId, payload)),
  };
}

function encrypt([id, key]: [string, KeyObject], payload: Payload): Payload {
  const iv = randomBytes(ivBytes);
  const cipher = createCipheriv('aes-256-gcm', key, iv);
  const plain = proto.temporal.api.common.v1.Payload.encode(payload).finish();
  const data = Buffer.concat([iv, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
  return { metadata: { encoding, 'encryption-key-id': Buffer.from(id) }, data };
}

function decrypt(keys: ReadonlyMap<string, KeyObject>, payload: Payload): Payload {
  if (textOf(payload.metadata?.encoding) !== encodingName) return payload;
  const id = textOf(payload.metadata?.['encryption-key-id']);
  const key = keys.get(id);
  if (!key) throw new Error(`There is no payload key ${id}: add it to CARREL_PAYLOAD_KEYS.`);
  const data = Buffer.from(payload.data ?? []);
  const decipher = createDecipheriv('aes-256-gcm', key, data.subarray(0, ivBytes));
  decipher.setAuthTag(data.subarray(-tagBytes));
  const plain = Buffer.concat([decipher.update(data.subarray(ivBytes, -tagBytes)), decipher.final()]);
  return proto.temporal.api.common.v1.Payload.decode(plain);
}

function textOf(bytes: Uint8Array | null | undefined): string {
  return Buffer.from(bytes ?? []).toString();
}
