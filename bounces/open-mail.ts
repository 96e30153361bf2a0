import PostalMime, { type Email } from 'postal-mime';

/** A part of a mail that is not its text. */
export interface Part {
  /** In small letters: `message/delivery-status`. */
  readonly type: string;
  readonly content: string;
}

/** A mail as far as reports are recognised by it. */
export interface OpenedMail {
  /** Values of a header, by its name in small letters, unfolded. */
  readonly header: (name: string) => readonly string[];
  readonly subject: string;
  /** The address in `From`, in small letters. */
  readonly from: string;
  readonly messageId: string | undefined;
  readonly text: string;
  readonly parts: readonly Part[];
}

/** Reports are small; what is longer than this of one part tells nothing more. */
const longestPart = 200_000;

const limits = {
  forceRfc822Attachments: true,
  maxNestingDepth: 30,
  maxHeadersSize: 256 * 1024,
  attachmentEncoding: 'arraybuffer',
} as const;

/** Takes a mail apart; undefined when it is so broken, or so deep, that it is none. Never throws. */
export async function openMail(raw: Uint8Array): Promise<OpenedMail | undefined> {
  try {
    return opened(await PostalMime.parse(raw, limits));
  } catch {
    return undefined;
  }
}

function opened(mail: Email): OpenedMail {
  return {
    header: (name) => mail.headers.filter(({ key }) => key === name).map(({ value }) => value),
    subject: mail.subject ?? '',
    from: (mail.from?.address ?? '').toLowerCase(),
    messageId: mail.messageId,
    text: (mail.text ?? withoutTags(mail.html ?? '')).slice(0, longestPart),
    parts: mail.attachments.map(({ mimeType, content }) => ({
      type: mimeType.toLowerCase(),
      content: textOf(content).slice(0, longestPart),
    })),
  };
}

function withoutTags(html: string): string {
  return html
    .slice(0, longestPart)
    .replaceAll(/<[^<>]{0,2000}>/g, ' ')
    .replaceAll('&nbsp;', ' ');
}

function textOf(content: ArrayBuffer | Uint8Array | string): string {
  return typeof content === 'string' ? content : new TextDecoder().decode(content);
}
