import type { IllAttempt, IllFormRow, Patron } from '../../db/entities/index.ts';
import { costsOf } from '../../domain/ill-costs.ts';
import type { LiteratureType } from '../../domain/ill.ts';
import { instantAt } from '../../domain/windows.ts';
import { Temporal } from 'temporal-polyfill';
import type { RequestBody } from '../peers/queue.ts';
import type { Candidate } from './candidates.ts';
import type { Held } from './held.ts';

/** What a request asks beyond its form: whom, and what was agreed after an earlier attempt. */
export interface Asking {
  readonly form: IllFormRow;
  readonly candidate: Candidate;
  readonly retryOf?: IllAttempt | undefined;
  /** The most that the supplier may charge, in minor units. */
  readonly maximum?: { readonly amountMinor: number; readonly currency: string } | undefined;
  /** Conditions that reader or librarian have accepted. */
  readonly conditions?: readonly string[] | undefined;
}

const publicationTypes: Readonly<Record<LiteratureType, string | undefined>> = {
  book: 'Book',
  chapter: 'Chapter',
  article: 'Article',
  journal: 'Journal',
  thesis: 'Thesis',
  'conference-paper': 'ConferenceProc',
  report: 'Report',
  standard: undefined,
  patent: 'Patent',
  newspaper: 'Newspaper',
  other: undefined,
};

/** The whole request as a supplier gets it (I18); its header is added when it is queued. */
export function requestBody(held: Held, asking: Asking): RequestBody {
  const { form, candidate, maximum } = asking;
  const patronInfo = patronInfoOf(held);
  const delivery = deliveryOf(held, form);
  return {
    bibliographicInfo: bibliographicOf(form, candidate),
    publicationInfo: publicationOf(form),
    serviceInfo: serviceOf(held, asking),
    supplierInfo: candidate.callNumber ? [{ sortOrder: 1, callNumber: candidate.callNumber }] : [],
    requestedDeliveryInfo: delivery.map((address, index) => ({ sortOrder: index + 1, address })),
    requestingAgencyInfo: {
      name: held.policy.name[held.policy.language],
      address: ownAddresses(held),
    },
    ...(patronInfo && { patronInfo }),
    ...(maximum && { billingInfo: { maximumCosts: costsOf(maximum) } }),
  };
}

type Bibliographic = RequestBody['bibliographicInfo'];

function bibliographicOf({ content }: IllFormRow, { recordId }: Candidate): Bibliographic {
  const { isbn, issn, pmid, oclc } = content;
  const itemIds = [
    ['ISBN', isbn],
    ['ISSN', issn],
  ] as const;
  const recordIds = [
    ['PMID', pmid],
    ['OCLC', oclc],
  ] as const;
  return {
    ...given('supplierUniqueRecordId', recordId),
    title: content.title,
    ...given('author', content.author),
    ...given('seriesTitle', content.series),
    ...given('edition', content.edition),
    ...given('titleOfComponent', content.component),
    ...given('authorOfComponent', content.componentAuthor),
    volume: content.volume ? [content.volume] : [],
    ...given('issue', content.issue),
    ...given('pagesRequested', content.pages),
    bibliographicItemId: itemIds.flatMap(([code, value]) =>
      value ? [{ bibliographicItemIdentifierCode: { value: code }, bibliographicItemIdentifier: value }] : [],
    ),
    ...given('informationSource', content.source),
    bibliographicRecordId: recordIds.flatMap(([code, value]) =>
      value
        ? [{ bibliographicRecordIdentifierCode: { value: code }, bibliographicRecordIdentifier: value }]
        : [],
    ),
  };
}

function publicationOf({ content, literature }: IllFormRow): NonNullable<RequestBody['publicationInfo']> {
  const type = publicationTypes[literature];
  return {
    ...given('publisher', content.publisher),
    ...(type && { publicationType: { value: type } }),
    ...given('publicationDate', content.year),
    ...given('placeOfPublication', content.place),
  };
}

function serviceOf(
  { ill, policy, patron }: Held,
  { form, retryOf, conditions = [] }: Asking,
): NonNullable<RequestBody['serviceInfo']> {
  const { content, service } = form;
  const copyright = service === 'copy' ? ill.obtaining.copyright : undefined;
  const note = [content.note, content.doi && `doi:${content.doi}`].filter(Boolean).join('\n');
  return {
    requestType: retryOf ? 'Retry' : 'New',
    requestSubType: patron ? ['PatronRequest'] : [],
    ...(retryOf && { requestingAgencyPreviousRequestId: retryOf.ourRef }),
    serviceType: service === 'copy' ? 'Copy' : 'Loan',
    ...(content.neededBy && {
      needBeforeDate: instantAt(policy, Temporal.PlainDate.from(content.neededBy), '24:00').toString(),
    }),
    ...(copyright && { copyrightCompliance: { value: copyright } }),
    ...(content.anyEdition !== undefined && { anyEdition: content.anyEdition ? 'Y' : 'N' }),
    loanCondition: conditions.map((value) => ({ value })),
    ...given('note', note === '' ? undefined : note),
  };
}

type Address = NonNullable<NonNullable<RequestBody['requestedDeliveryInfo']>[number]['address']>;

const email = (address: string): Address => ({
  electronicAddress: {
    electronicAddressType: { value: 'Email' },
    electronicAddressData: address,
  },
});

/** Free text, as forms and policies have it, in the lines that there are. */
function postal(address: string): Address {
  const lines = address
    .split(/\r?\n/u)
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const [line1 = '', ...rest] = lines;
  return { physicalAddress: { line1, ...(rest.length > 0 && { line2: rest.join(', ') }) } };
}

/** Where it is sent: straight to the reader in centre mode (I5), else to the library, which passes it on (I4). */
function deliveryOf(held: Held, form: IllFormRow): Address[] {
  const { request, patron } = held;
  if (request.mode !== 'centre' || request.onBehalfOf) return ownAddresses(held, form);
  if (form.delivery === 'electronic') {
    const address = form.beneficiaryEmail ?? confirmed(patron);
    return address ? [email(address)] : ownAddresses(held, form);
  }
  return form.delivery === 'post' && form.address ? [postal(form.address)] : ownAddresses(held, form);
}

const confirmed = (patron: Patron | undefined): string | undefined =>
  patron?.emailState === 'confirmed' ? (patron.email ?? undefined) : undefined;

function ownAddresses({ policy, ill }: Held, form?: IllFormRow): Address[] {
  const branch =
    policy.branches.find(({ code }) => code === (form?.place ?? ill.obtaining.branch)) ?? policy.branches[0];
  const mail = email(ill.obtaining.librarian ?? policy.sender.address);
  const post = branch?.address ? [postal(branch.address)] : [];
  return form?.delivery === 'electronic' ? [mail] : [...post, mail];
}

/** What the policy lets a supplier know of the reader. */
function patronInfoOf({ ill, patron, request }: Held): RequestBody['patronInfo'] {
  const { tellOfReader: told } = ill.obtaining;
  if (!patron || told.length === 0) return undefined;
  const mail = told.includes('email') ? confirmed(patron) : undefined;
  return {
    ...(told.includes('card') && { patronId: patron.card }),
    ...(told.includes('name') && { surname: patron.name }),
    ...(request.mode === 'centre' && { sendToPatron: 'Y' as const }),
    address: mail ? [email(mail)] : [],
  };
}

function given<K extends string>(name: K, value: string | undefined): { [P in K]?: string } {
  return (value === undefined || value === '' ? {} : { [name]: value }) as { [P in K]?: string };
}
