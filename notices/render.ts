import { type NoticeKind, noticesWithSecret } from '../domain/kinds.ts';
import type { Language } from '../domain/languages.ts';
import { cleanLine, cleanTexts } from './clean.ts';
import { compose } from './compose.ts';
import type { NoticeOf, NoticeRequest } from './content.ts';
import type { NoticeDocument } from './document.ts';
import { writeHtml } from './html.ts';
import { writePlainText } from './plain-text.ts';
import { createSpeaker, type Speaker } from './speaker.ts';
import type { Texts } from './texts.ts';

/** A notice as it is sent and stored. */
export interface RenderedNotice {
  /** One line without control characters. */
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

const longest = { subject: 150, name: 100, value: 300 } as const;

const languageTags: Readonly<Record<Language, string>> = { ja: 'ja', zh: 'zh-Hans', de: 'de', en: 'en' };

/** A refusal for good is told in the words staff wrote. */
const uncleaned: readonly NoticeKind[] = [...noticesWithSecret, 'application-refused'];

/** A link is long, and cleaning could change it; it is checked where it is written. So is what staff explain at length. */
function cleanContent<Kind extends NoticeKind>({ kind, data }: NoticeOf<Kind>): NoticeOf<Kind> {
  return { kind, data: uncleaned.includes(kind) ? data : cleanTexts(data, longest.value) };
}

function greet({ shared }: Speaker, patronName: string): string {
  const name = cleanLine(patronName, longest.name);
  return name === '' ? shared('notice.greeting-nameless') : shared('notice.greeting', { name });
}

/**
 * Writes a notice in the reader's language (N1): subject, plain text and HTML with the same content. Times are in the library's zone. Whatever comes from
 * data is cleaned, capped in length and, in HTML, escaped. Throws when data a text needs is missing, or a link is not of the web.
 */
export function renderNotice(texts: Texts, request: NoticeRequest): RenderedNotice {
  const { kind, language, library } = request;
  const speaker = createSpeaker(texts, language, kind, library.timeZone);
  const body = compose(speaker, cleanContent(request));
  const document: NoticeDocument = {
    language: languageTags[language],
    subject: cleanLine(body.subject, longest.subject),
    greeting: greet(speaker, request.patronName),
    blocks: body.blocks,
    signature: {
      library: library.name[language],
      lines: [speaker.shared('notice.footer.phone', { phone: library.phone })],
      website: library.website,
      sendOnly: request.channel === 'message' ? undefined : speaker.shared('notice.footer.send-only'),
    },
  };
  return { subject: document.subject, text: writePlainText(document), html: writeHtml(document) };
}
