/**
 * Letters of any script, digits and the marks an unquoted local part may have. Dots may stand anywhere: `a..b.@docomo.ne.jp` breaks the standard, and
 * Japanese carriers gave out such addresses for years.
 */
const localPart = /^[\p{L}\p{M}\p{N}.!#$%&'*+/=?^_`{|}~-]{1,64}$/u;
const label = /^[\p{L}\p{M}\p{N}](?:[\p{L}\p{M}\p{N}-]{0,61}[\p{L}\p{M}\p{N}])?$/u;

/**
 * Whether a text is exactly one mail address and nothing else: no display name, no list, no comment, no quotes, no white space or control character. Says
 * nothing of whether anybody reads mail there.
 */
export function isMailAddress(text: string): boolean {
  if (Buffer.byteLength(text) > 254) return false;
  const [local = '', domain = '', ...more] = text.split('@');
  return more.length === 0 && localPart.test(local) && domain.split('.').every((each) => label.test(each));
}
