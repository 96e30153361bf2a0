import type { Body } from '../iso18626/message.ts';
import type { IllDelivery, IllForm, IllService, LiteratureType } from '../domain/ill.ts';

type RequestBody = Omit<Body<'request'>, 'header'>;

const literature: Readonly<Record<string, LiteratureType>> = {
  article: 'article',
  book: 'book',
  chapter: 'chapter',
  conferenceproc: 'conference-paper',
  journal: 'journal',
  newspaper: 'newspaper',
  patent: 'patent',
  report: 'report',
  governmentpubl: 'report',
  standard: 'standard',
  thesis: 'thesis',
  dissertation: 'thesis',
};

/** What kind of thing a request is for; what says nothing of it is guessed from what is asked. */
export function literatureOf({ publicationInfo, bibliographicInfo }: RequestBody): LiteratureType {
  const stated = publicationInfo?.publicationType?.value.toLowerCase().replaceAll(/[^a-z]/gu, '') ?? '';
  const known = literature[stated];
  if (known) return known;
  if (bibliographicInfo.titleOfComponent !== undefined) return 'article';
  return stated === '' ? 'book' : 'other';
}

/** `CopyOrLoan` counts as a loan until something is shipped. */
export function serviceOf({ serviceInfo }: RequestBody): IllService {
  return serviceInfo?.serviceType === 'Copy' ? 'copy' : 'loan';
}

export const takesEither = ({ serviceInfo }: Pick<RequestBody, 'serviceInfo'>): boolean =>
  serviceInfo?.serviceType === 'CopyOrLoan';

/** How it is to reach them: by the first address they name; without one a copy comes as a file, and a thing by post. */
export function deliveryKindOf(body: RequestBody): IllDelivery {
  const wanted = (body.requestedDeliveryInfo ?? []).toSorted(
    (a, b) => (a.sortOrder ?? 0) - (b.sortOrder ?? 0),
  );
  const [first] = wanted;
  if (first?.address?.physicalAddress) return 'post';
  if (first?.address?.electronicAddress) return serviceOf(body) === 'copy' ? 'electronic' : 'post';
  return serviceOf(body) === 'copy' ? 'electronic' : 'post';
}

/** No longer than a form's fields may be. */
const cut = (text: string | undefined, most = 1000): string | undefined => {
  const trimmed = text?.trim().slice(0, most);
  return trimmed === '' ? undefined : trimmed;
};

/** The form that another library's request amounts to (I5, I8): its title, or at least that of the part. */
export function formOf(body: RequestBody): IllForm {
  const { bibliographicInfo: info, publicationInfo, serviceInfo } = body;
  const items = info.bibliographicItemId ?? [];
  const records = info.bibliographicRecordId ?? [];
  const number = (code: string) =>
    cut(
      items.find((each) => each.bibliographicItemIdentifierCode.value.toUpperCase() === code)
        ?.bibliographicItemIdentifier,
      60,
    );
  const record = (code: string) =>
    cut(
      records.find((each) => each.bibliographicRecordIdentifierCode.value.toUpperCase() === code)
        ?.bibliographicRecordIdentifier,
      60,
    );
  const given = {
    title: [cut(info.title), cut(info.subtitle)].filter((each) => each !== undefined).join(' : '),
    author: cut(info.author),
    component: cut(info.titleOfComponent),
    componentAuthor: cut(info.authorOfComponent),
    publisher: cut(publicationInfo?.publisher),
    place: cut(publicationInfo?.placeOfPublication),
    year: cut(publicationInfo?.publicationDate, 60),
    edition: cut(info.edition, 200),
    volume: cut(info.volume?.join(', '), 200),
    issue: cut(info.issue, 200),
    pages: cut(info.pagesRequested, 200),
    series: cut(info.seriesTitle),
    isbn: number('ISBN'),
    issn: number('ISSN'),
    pmid: record('PMID'),
    oclc: record('OCLC'),
    recordId: cut(info.supplierUniqueRecordId, 200),
    source: cut(info.informationSource, 200),
    note: cut(serviceInfo?.note, 2000),
    neededBy: serviceInfo?.needBeforeDate?.slice(0, 10),
    anyEdition: serviceInfo?.anyEdition === undefined ? undefined : serviceInfo.anyEdition === 'Y',
  };
  const form = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  return { ...form, title: given.title || given.component || given.isbn || given.issn || '?' };
}

/** What of a request is about people: where to, for whom, who pays. */
export function personalPart(body: RequestBody): Readonly<Record<string, unknown>> {
  const { requestedDeliveryInfo, requestingAgencyInfo, patronInfo, billingInfo, serviceInfo } = body;
  const parts = { requestedDeliveryInfo, requestingAgencyInfo, patronInfo, billingInfo };
  const stated = Object.entries(parts).filter(([, part]) => part !== undefined);
  return { ...Object.fromEntries(stated), serviceType: serviceInfo?.serviceType ?? 'Loan' };
}

type Parts = Partial<Pick<RequestBody, 'requestedDeliveryInfo' | 'patronInfo' | 'requestingAgencyInfo'>>;
type Address = NonNullable<NonNullable<RequestBody['requestedDeliveryInfo']>[number]['address']>;

function addressLine({ physicalAddress: post, electronicAddress: net }: Address): string | undefined {
  if (net) return cut(net.electronicAddressData, 400);
  if (!post) return undefined;
  const { line1, line2, postalCode, locality, region, country } = post;
  const place = [postalCode, locality].filter(Boolean).join(' ');
  return cut([line1, line2, place, region?.value, country?.value].filter(Boolean).join(', '), 400);
}

/** Where a request goes, the most wanted first: of the personal part that was kept; nothing once that was emptied. */
export function deliverLines(personal: Readonly<Record<string, unknown>>): string[] {
  const { requestedDeliveryInfo = [], patronInfo, requestingAgencyInfo } = personal as Parts;
  const wanted = requestedDeliveryInfo.toSorted((a, b) => (a.sortOrder ?? 0) - (b.sortOrder ?? 0));
  const toPatron = patronInfo?.sendToPatron === 'Y' ? (patronInfo.address ?? []) : [];
  const addresses = [...wanted.flatMap(({ address }) => (address ? [address] : [])), ...toPatron];
  const stated = addresses.length > 0 ? addresses : (requestingAgencyInfo?.address ?? []);
  return stated.flatMap((address) => addressLine(address) ?? []);
}

/** For whom it is, as far as the requester says. */
export function patronName(personal: Readonly<Record<string, unknown>>): string | null {
  const { patronInfo } = personal as Parts;
  const name = [patronInfo?.givenName, patronInfo?.surname].filter(Boolean).join(' ');
  return cut(name, 200) ?? null;
}
