import type { IllDocument } from '../../db/entities/index.ts';
import type { NoticeKind } from '../../domain/kinds.ts';
import type { Held } from './held.ts';
import { tell, tellPerson } from './notices.ts';

type About = Extract<NoticeKind, `ill-document${string}`>;

/**
 * Tells the reader of the document: it is here, it waits to be paid, its link has run out. Of a request without a card the one is told for whom the librarian wrote it, where they gave an
 * address (I7).
 */
export async function tellOfDocument(held: Held, document: IllDocument, kind: About): Promise<void> {
  const cause = `${document.id}:${document.issue}`;
  const content = { documentId: document.id, issue: document.issue };
  if (held.patron) return tell(held, { kind, cause, content });
  return tellPerson(held, { kind, cause, content: { ...content, open: true } });
}
