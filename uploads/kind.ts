export const uploadKinds = ['jpeg', 'png', 'webp', 'pdf'] as const;

export type UploadKind = (typeof uploadKinds)[number];

const startsWith = (bytes: Buffer, ...expected: number[]): boolean =>
  expected.every((byte, index) => bytes[index] === byte);

/** What a file is by its first bytes; what it is called, and what the sender says it is, count for nothing. Undefined: none of those that are taken. */
export function kindOf(bytes: Buffer): UploadKind | undefined {
  if (startsWith(bytes, 0xff, 0xd8, 0xff)) return 'jpeg';
  if (startsWith(bytes, 0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)) return 'png';
  if (bytes.toString('latin1', 0, 4) === 'RIFF' && bytes.toString('latin1', 8, 12) === 'WEBP') return 'webp';
  return bytes.toString('latin1', 0, 5) === '%PDF-' ? 'pdf' : undefined;
}
