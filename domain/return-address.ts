import { createHmac, timingSafeEqual } from 'node:crypto';

/*
 * Base32 in small letters (RFC 4648): a local part may have its case changed on the way, and these letters and digits pass everywhere. 16 bytes of the notice's id and
 * 10 of the HMAC make 42 characters, so with `bounce+` the local part has 49 of the 64 allowed.
 */
const alphabet = 'abcdefghijklmnopqrstuvwxyz234567';
const macBytes = 10;
const tokenLength = 42;

function base32(bytes: Buffer): string {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  return (bits.match(/.{1,5}/g) ?? [])
    .map((five) => alphabet[Number.parseInt(five.padEnd(5, '0'), 2)])
    .join('');
}

function bytesOf(token: string): Buffer {
  const bits = Array.from(token, (letter) => alphabet.indexOf(letter).toString(2).padStart(5, '0')).join('');
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
}

function mac(secret: string, id: Buffer): Buffer {
  return createHmac('sha256', secret).update('return-address:').update(id).digest().subarray(0, macBytes);
}

/**
 * What the return address of a notice's mail is recognised by (N4): the notice's id, signed with the installation's secret, so that nobody can have somebody else's
 * address marked by forging a bounce. 42 small letters and digits.
 */
export function returnToken(secret: string, noticeId: string): string {
  const id = Buffer.from(noticeId.replaceAll('-', ''), 'hex');
  return base32(Buffer.concat([id, mac(secret, id)]));
}

/** The notice whose mail carried this token; undefined for anything this installation has not signed. */
export function noticeOfToken(secret: string, given: string): string | undefined {
  const token = given.toLowerCase();
  if (!/^[a-z2-7]{42}$/.test(token)) return undefined;
  const bytes = bytesOf(token);
  const id = bytes.subarray(0, 16);
  const signature = bytes.subarray(16);
  const genuine = mac(secret, id);
  if (signature.length !== genuine.length || !timingSafeEqual(signature, genuine)) return undefined;
  return id.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** Where `{token}` stands in the return address of a library's policy. */
export const tokenPlace = '{token}';

/** The return address of one mail: the policy's `bounce+{token}@library.example` with its token. */
export function returnAddress(pattern: string, token: string): string {
  return pattern.replace(tokenPlace, token);
}

/** The token in an address, if the address has the pattern's form; nothing is said of its signature. Case does not matter. */
export function tokenIn(pattern: string, address: string): string | undefined {
  const [before = '', after = ''] = pattern.toLowerCase().split(tokenPlace);
  const given = address.toLowerCase();
  const fits =
    given.startsWith(before) &&
    given.endsWith(after) &&
    given.length === before.length + tokenLength + after.length;
  return fits ? given.slice(before.length, before.length + tokenLength) : undefined;
}
