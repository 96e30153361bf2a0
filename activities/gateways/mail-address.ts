/** A display name and one mail address. */
export interface Mailbox {
  readonly name: string;
  readonly address: string;
}

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

/** The address as it stands in envelope and header: a local part whose dots break the standard goes in quotes, as the standard asks. */
export function deliverableForm(address: string): string {
  const at = address.lastIndexOf('@');
  const local = address.slice(0, at);
  return /^\.|\.\.|\.$/.test(local) ? `"${local}"${address.slice(at)}` : address;
}

/** The Message-ID of a notice: the same for every attempt, so that a mailbox that gets it twice can tell. */
export function messageIdFor(noticeId: string, senderAddress: string): string {
  return `<${noticeId}@${senderAddress.slice(senderAddress.lastIndexOf('@') + 1)}>`;
}
