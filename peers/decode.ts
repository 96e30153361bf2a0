import { TextDecoder } from 'node:util';

/** `encoding="…"` of an XML declaration, which every encoding that is in use writes in the bytes of ASCII. */
const declared = /^(?:\uFEFF|ï»¿)?<\?xml[^>]{0,100}encoding=["']([\w.:-]{1,40})["']/u;

/**
 * The text of an XML document in the encoding that its first bytes show or that it states, UTF-8 where it states none or one that is not known. What is not of the encoding becomes U+FFFD, and so
 * does NUL, which neither XML nor the database has.
 */
export function decodeXml(bytes: Buffer): string {
  const stated = declared.exec(bytes.subarray(0, 200).toString('latin1'))?.[1];
  return decoder(utf16In(bytes) ?? notUtf16(stated))
    .decode(bytes)
    .replaceAll('\0', '\uFFFD');
}

/** UTF-16 begins with its mark; without one, with a "<" of two bytes. */
function utf16In(bytes: Buffer): string | undefined {
  const begin = bytes.subarray(0, 2).toString('hex');
  if (begin === 'fffe' || begin === '3c00') return 'utf-16le';
  return begin === 'feff' || begin === '003c' ? 'utf-16be' : undefined;
}

/** Where the declaration can be read in the bytes of ASCII it is not UTF-16, whatever programs state that write it before they choose the encoding. */
const notUtf16 = (label: string | undefined) => (label && /^utf-?16/iu.test(label) ? 'utf-8' : label);

function decoder(label = 'utf-8'): TextDecoder {
  try {
    return new TextDecoder(label);
  } catch {
    return new TextDecoder();
  }
}
