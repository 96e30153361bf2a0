import { randomBytes } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { defaultPayloadConverter, type Payload } from '@temporalio/common';
import { createCodec } from '../../engine/codec.ts';

const key = (id: string) => ({ id, key: randomBytes(32) });
const [old, young] = [key('2026-01'), key('2026-11')];
const plain = (value: unknown): Payload => defaultPayloadConverter.toPayload(value);
const read = ([payload]: Payload[]): unknown => defaultPayloadConverter.fromPayload(payload as Payload);

test('what is written is not readable, says which key it needs, and differs each time', async () => {
  const codec = createCodec([young]);
  const [first, second] = await codec.encode([
    plain({ holdId: 'a-secret-id' }),
    plain({ holdId: 'a-secret-id' }),
  ]);
  expect(Buffer.from(first?.data ?? []).toString('latin1')).not.toContain('a-secret-id');
  expect(Buffer.from(first?.metadata?.['encryption-key-id'] ?? []).toString()).toBe('2026-11');
  expect(first?.data).not.toEqual(second?.data);
  expect(read(await codec.decode([first as Payload]))).toEqual({ holdId: 'a-secret-id' });
});

test('a key is rotated by putting a new one in front', async () => {
  const before = await createCodec([old]).encode([plain(7)]);
  const after = createCodec([young, old]);
  expect(read(await after.decode(before))).toBe(7);
  const [written] = await after.encode([plain(8)]);
  expect(Buffer.from(written?.metadata?.['encryption-key-id'] ?? []).toString()).toBe('2026-11');
  await expect(createCodec([young]).decode(before)).rejects.toThrow('There is no payload key 2026-01');
});

test('a payload that was changed on the way is refused; one that was never encrypted passes', async () => {
  const codec = createCodec([young]);
  const [payload] = await codec.encode([plain('as it was')]);
  const data = Buffer.from(payload?.data ?? []);
  data.writeUInt8(data.readUInt8(20) ^ 1, 20);
  await expect(codec.decode([{ ...payload, data }])).rejects.toThrow('authenticate data');
  expect(read(await codec.decode([plain('in the clear')]))).toBe('in the clear');
});

test('there is no codec without a key', () => {
  expect(() => createCodec([])).toThrow('at least one key');
});
