/** What a reader asks for: a copy sent to them (文献传递), or the thing itself for a while (馆际互借) (I1). */
export const illServices = ['copy', 'loan'] as const;

export type IllService = (typeof illServices)[number];

/** Literature types of the request form (I1); each has a text in every language. */
export const literatureTypes = [
  'book',
  'chapter',
  'article',
  'journal',
  'thesis',
  'conference-paper',
  'report',
  'standard',
  'patent',
  'newspaper',
  'other',
] as const;

export type LiteratureType = (typeof literatureTypes)[number];

/** How a library's requests travel (I3–I5). */
export const illModes = ['email', 'distributed', 'centre'] as const;

export type IllMode = (typeof illModes)[number];

/** How what was asked for reaches the reader: a file, by post to the reader, or to a place where it is picked up (I19). */
export const illDeliveries = ['electronic', 'post', 'pickup'] as const;

export type IllDelivery = (typeof illDeliveries)[number];

/** Where a request stands at the library that asks, as reader and librarian see it. */
export const illStates = [
  /** Their own librarian looks at it, or obtains it by hand (e-mail mode). */
  'reviewing',
  /** No supplier has it at the moment: the next one is chosen. */
  'choosing',
  /** With a supplier, who has not promised anything. */
  'requested',
  /** A supplier has promised it. */
  'promised',
  /** A supplier asks for something: a condition, other data, a higher price. The reader or the librarian answers. */
  'asked',
  /** On its way (寄送途中). */
  'shipped',
  /** At the library, or with the reader where it was sent straight to them; of a loan until it is handed out. */
  'received',
  /** A document that waits to be paid (I16). */
  'held',
  /** A document that the reader can fetch. */
  'available',
  /** A loan that the reader has. */
  'lent',
  /** On its way back to the supplier. */
  'returning',
  'completed',
  'unfilled',
  'rejected',
  'cancelled',
  'lost',
] as const;

export type IllState = (typeof illStates)[number];

/** In place of a peer's code: obtained by other ways, recorded by hand (I3). */
export const byHand = '-';

/** How far a librarian has come who obtains something by other ways (I3). */
export const handSteps = ['sent', 'promised', 'shipped', 'unfilled', 'not-obtained'] as const;

export type HandStep = (typeof handSteps)[number];

/** How an attempt with one supplier stands or ended: `not-sent` it could not be told of, `refused` its terms or price were not accepted. */
export const attemptOutcomes = [
  'open',
  'unfilled',
  'retry',
  'cancelled',
  'no-answer',
  'not-sent',
  'refused',
  'completed',
  'lost',
] as const;

export type AttemptOutcome = (typeof attemptOutcomes)[number];

export const endedIllStates = [
  'completed',
  'unfilled',
  'rejected',
  'cancelled',
  'lost',
] as const satisfies readonly IllState[];

const ended: ReadonlySet<string> = new Set(endedIllStates);

export const isIllEnded = (state: IllState): boolean => ended.has(state);

/** What stands in a request form (I1): a document that the API keeps; a retry with other data is a further version of it. No value is longer than its schema says. */
export interface IllForm {
  readonly title: string;
  readonly author?: string | undefined;
  /** Of an article or a chapter. */
  readonly component?: string | undefined;
  readonly componentAuthor?: string | undefined;
  readonly publisher?: string | undefined;
  readonly place?: string | undefined;
  readonly year?: string | undefined;
  readonly edition?: string | undefined;
  readonly volume?: string | undefined;
  readonly issue?: string | undefined;
  readonly pages?: string | undefined;
  readonly series?: string | undefined;
  readonly isbn?: string | undefined;
  readonly issn?: string | undefined;
  readonly doi?: string | undefined;
  readonly pmid?: string | undefined;
  readonly oclc?: string | undefined;
  /** The record's number at the catalogue the reader came from. */
  readonly recordId?: string | undefined;
  /** Where the reader found it: a database, a link's `rfr_id`. */
  readonly source?: string | undefined;
  readonly note?: string | undefined;
  /** Civil date after which it is of no use. */
  readonly neededBy?: string | undefined;
  readonly anyEdition?: boolean | undefined;
}
