import { Unreadable } from './mistakes.ts';

/** Encodings that a policy may name for files that do not say theirs; all are of the WHATWG standard. */
export const encodings = ['utf-8', 'gb18030', 'shift_jis', 'iso-8859-1', 'windows-1252', 'utf-16le'] as const;

export type Encoding = (typeof encodings)[number];

/** Bytes to text, piece by piece, without a byte order mark. Throws `Unreadable` at the first line with bytes that the encoding does not have. */
export async function* decode(chunks: AsyncIterable<Uint8Array>, encoding: string): AsyncGenerator<string> {
  const decoder = decoderOf(encoding);
  let line = 1;
  for await (const chunk of chunks) {
    const text = decoded(() => decoder.decode(chunk, { stream: true }), line, encoding);
    for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) line += 1;
    yield text;
  }
  const rest = decoded(() => decoder.decode(), line, encoding);
  if (rest !== '') yield rest;
}

function decoderOf(encoding: string) {
  try {
    return new TextDecoder(encoding, { fatal: true });
  } catch {
    throw new Unreadable({ code: 'encoding', line: 1, value: encoding });
  }
}

function decoded(read: () => string, line: number, encoding: string): string {
  try {
    return read();
  } catch {
    throw new Unreadable({ code: 'encoding', line, value: encoding });
  }
}

/** Puts the first piece back before the rest of a stream that was looked into. */
export async function* withFirst<T>(first: T, rest: AsyncIterator<T>): AsyncGenerator<T> {
  yield first;
  for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value;
}

/** A whole text in UTF-8, or, where its bytes are none, in the other encoding. */
export async function decodeAll(chunks: AsyncIterable<Uint8Array>, otherwise: string): Promise<string> {
  const pieces: Uint8Array[] = [];
  for await (const chunk of chunks) pieces.push(chunk);
  const bytes = Buffer.concat(pieces);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return decoded(() => decoderOf(otherwise).decode(bytes), 1, otherwise);
  }
}
