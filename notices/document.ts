/** One line of facts: what it is, and what it is here. */
export interface Fact {
  readonly label: string;
  readonly value: string;
}

export type Block =
  | { readonly is: 'paragraph'; readonly text: string }
  | { readonly is: 'facts'; readonly facts: readonly Fact[] }
  | { readonly is: 'list'; readonly items: readonly string[] }
  | { readonly is: 'link'; readonly label: string; readonly url: string };

/** The part of a notice that differs from kind to kind. */
export interface NoticeBody {
  readonly subject: string;
  readonly blocks: readonly Block[];
}

/** A notice before it is written as plain text and as HTML. No text in it is escaped. */
export interface NoticeDocument extends NoticeBody {
  /** BCP 47 tag. */
  readonly language: string;
  readonly greeting: string;
  readonly signature: {
    readonly library: string;
    readonly lines: readonly string[];
    readonly website: string;
    readonly sendOnly: string | undefined;
  };
}

export function paragraph(...texts: (string | undefined)[]): Block[] {
  const said = texts.filter((text) => text !== undefined);
  return said.map((text) => ({ is: 'paragraph', text }));
}

/** A list; nothing where there is nothing in it. */
export function listOf(items: readonly string[] | undefined): Block[] {
  return items && items.length > 0 ? [{ is: 'list', items }] : [];
}

export type Pair = readonly [label: string, value: string | null | undefined];

/** A block of facts, without those that have no value. */
export function facts(...pairs: readonly Pair[]): Block {
  const known = pairs.flatMap(([label, value]) => (value ? [{ label, value }] : []));
  return { is: 'facts', facts: known };
}
