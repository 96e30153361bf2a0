import type { IllService, LiteratureType } from './ill.ts';
import { keyOf, rawEntries } from './link-text.ts';
import type { WantedWork } from './openurl.ts';
import { fieldLengths, requestFields } from './request-fields.ts';
import { cleanWork, type RequestWish } from './request-form.ts';

/** What a form is filled with beforehand. */
export interface Prefilled {
  readonly service: IllService;
  readonly literature: LiteratureType;
  readonly work: RequestWish['work'];
  /** Where the link says that it is picked up: worth something where the library has a place of that code. */
  readonly place?: string;
}

const partTypes: ReadonlySet<LiteratureType> = new Set(['article', 'chapter', 'conference-paper']);

/** A civil date that is one; what a link says of a day may be anything. */
function civil(text: string | undefined): string | undefined {
  const day = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/u.exec(text ?? '')?.[0];
  return day !== undefined && new Date(day).toISOString().startsWith(day) ? day : undefined;
}

const year = (date: string | undefined): string | undefined => /^\d{4}/u.exec(date ?? '')?.[0] ?? date;

/** What a link asks for, as a form (I1): the fields cut to what they take, and nothing about who asks. */
export function formOfOpenUrl(wanted: WantedWork): Prefilled {
  const literature = wanted.literature ?? (wanted.titleOfPart === undefined ? 'book' : 'article');
  const part = partTypes.has(literature);
  const named = (scheme: string) => wanted.identifiers.find((each) => each.scheme === scheme)?.value;
  const work = {
    title: wanted.title,
    component: wanted.titleOfPart,
    [part ? 'componentAuthor' : 'author']: asManyAs(wanted.authors, fieldLengths.author),
    publisher: wanted.publisher,
    place: wanted.placeOfPublication,
    year: year(wanted.date),
    edition: wanted.edition,
    volume: wanted.volume,
    issue: wanted.issue,
    pages: wanted.pages,
    isbn: wanted.isbns[0],
    issn: wanted.issns[0],
    doi: named('doi'),
    pmid: named('pmid'),
    oclc: named('oclcnum'),
    source: wanted.source,
    note: wanted.remarks.join('\n'),
  };
  return {
    service: wanted.service ?? (part ? 'copy' : 'loan'),
    literature,
    work: { ...cut(cleanWork(work)), ...neededBy(wanted) },
    ...(wanted.pickupLocation !== undefined && { place: wanted.pickupLocation }),
  };
}

function neededBy(wanted: WantedWork): { neededBy?: string } {
  const day = civil(wanted.neededBy);
  return day === undefined ? {} : { neededBy: day };
}

/** Cut between characters, not within one. */
function cut(work: RequestWish['work']): RequestWish['work'] {
  const kept = requestFields.flatMap((field) => {
    const text = work[field] ?? '';
    const short = text
      .slice(0, fieldLengths[field])
      .replace(/[\uD800-\uDBFF]$/u, '')
      .trimEnd();
    return short === '' ? [] : [[field, short] as const];
  });
  return Object.fromEntries(kept);
}

/** Whole names, as many as the field takes. */
function asManyAs(names: readonly string[], length: number): string {
  return names.reduce((all, name) => {
    const more = all === '' ? name : `${all}; ${name}`;
    return all === '' || more.length <= length ? more : all;
  }, '');
}

/** Of one value, and of all of a link; a Chinese character takes nine of them. */
const mostOfValue = 6000;
const mostKept = 15_000;

/** A link's keys and values to be kept for a while, as they came, since how they are encoded may yet turn out: without what it says of persons (`req.*`, `req_id`) and servers, and no more than a form can use. */
export function keptOpenUrl(query: string): string {
  const kept: string[] = [];
  let length = 0;
  for (const [key, value] of rawEntries(query)) {
    const size = key.length + value.length + 2;
    const personal = /^(?:req|res|pid)([._]|$)/iu.test(keyOf(key).trim());
    if (personal || size > mostOfValue || length + size > mostKept) continue;
    kept.push(`${key}=${value}`.toWellFormed().replaceAll('\0', ''));
    length += size;
  }
  return kept.join('&');
}
