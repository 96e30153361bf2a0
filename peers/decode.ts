import { TextDecoder } from 'node:util';

/** `encoding="…"` of an XML declaration, which every encoding that is in use writes in the bytes of ASCII. */
const declared = /^(?:\uFEFF|ï»¿)?<\?xml[^>]{0,100}encoding=["']([\w.:-]{1,40})["']/u;

/** The text of an XML document in the encoding that it states, UTF-8 where it states none or one that is not known. What is not of the encoding becomes U+FFFD. */
export function decodeXml(bytes: Buffer): string {
  const label = declared.exec(bytes.subarray(0, 200).toString('latin1'))?.[1];
  return decoder(label).decode(bytes);
}

function decoder(label = 'utf-8'): TextDecoder {
  try {
    return new TextDecoder(label);
  } catch {
    return new TextDecoder();
  }
}
