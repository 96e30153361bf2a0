import type { IllForm, IllService, LiteratureType } from './ill.ts';

/** The bibliographic fields of a request form, in the order in which they are shown (I1). */
export const requestFields = [
  'title',
  'author',
  'component',
  'componentAuthor',
  'publisher',
  'place',
  'year',
  'edition',
  'volume',
  'issue',
  'pages',
  'series',
  'isbn',
  'issn',
  'doi',
  'pmid',
  'oclc',
  'recordId',
  'source',
  'note',
] as const satisfies readonly (keyof IllForm)[];

export type RequestField = (typeof requestFields)[number];

/** The most characters a field takes; what is longer is no bibliographic data any more. */
export const fieldLengths: Readonly<Record<RequestField, number>> = {
  title: 500,
  author: 300,
  component: 500,
  componentAuthor: 300,
  publisher: 200,
  place: 200,
  year: 40,
  edition: 100,
  volume: 60,
  issue: 60,
  pages: 100,
  series: 300,
  isbn: 40,
  issn: 40,
  doi: 300,
  pmid: 20,
  oclc: 40,
  recordId: 100,
  source: 300,
  note: 2000,
};

/** What a type of literature is asked for with, unless the policy says otherwise. */
export interface LiteratureRule {
  readonly services: readonly IllService[];
  /** Fields to show; `source`, `recordId` and `note` always are. */
  readonly fields: readonly RequestField[];
  readonly required: readonly RequestField[];
}

const both: readonly IllService[] = ['copy', 'loan'];
const copy: readonly IllService[] = ['copy'];
const book = [
  'title',
  'author',
  'publisher',
  'place',
  'year',
  'edition',
  'volume',
  'series',
  'isbn',
] as const;
const serial = ['title', 'issn', 'year', 'volume', 'issue'] as const;
const part = ['component', 'componentAuthor', 'pages'] as const;

/** The usual rules: what is a part of something is copied, and needs both names. */
export const usualLiterature: Readonly<Record<LiteratureType, LiteratureRule>> = {
  book: { services: both, fields: [...book, 'oclc'], required: ['title'] },
  chapter: { services: copy, fields: [...book, ...part, 'doi'], required: ['title', 'component'] },
  article: { services: copy, fields: [...serial, ...part, 'doi', 'pmid'], required: ['title', 'component'] },
  journal: { services: both, fields: [...serial, 'publisher'], required: ['title', 'year'] },
  thesis: {
    services: both,
    fields: ['title', 'author', 'publisher', 'year', 'pages', 'doi'],
    required: ['title', 'author'],
  },
  'conference-paper': {
    services: copy,
    fields: [...book, ...part, 'issn', 'doi'],
    required: ['title', 'component'],
  },
  report: { services: both, fields: [...book, 'pages', 'doi'], required: ['title'] },
  standard: { services: copy, fields: ['title', 'publisher', 'year', 'pages'], required: ['title'] },
  patent: { services: copy, fields: ['title', 'author', 'year'], required: ['title'] },
  newspaper: { services: copy, fields: [...serial, ...part], required: ['title', 'year'] },
  other: { services: both, fields: [...book, ...part, 'issue', 'issn', 'doi'], required: ['title'] },
};
