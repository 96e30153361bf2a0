export { isMailAddress } from '../../domain/mail-address.ts';

/** A display name and one mail address. */
export interface Mailbox {
  readonly name: string;
  readonly address: string;
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
