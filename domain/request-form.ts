import type { Temporal } from 'temporal-polyfill';
import type { IllDelivery, IllForm, IllService, LiteratureType } from './ill.ts';
import { pickupCodes } from './ill-places.ts';
import type { LibraryPolicy } from './policy.ts';
import type { IllPolicy } from './policy-ill.ts';
import type { RefusalCode } from './refusal.ts';
import { type LiteratureRule, type RequestField, requestFields, usualLiterature } from './request-fields.ts';
import { isbnForms, issn } from './standard-numbers.ts';

/** Whose request it is: a reader's own, an institutional account's (I6), or a librarian's for somebody without a card (I7). */
export type RequestKind = 'own' | 'group' | 'for-other';

/** A form as it was written. */
export interface RequestWish {
  readonly service: IllService;
  readonly literature: LiteratureType;
  readonly work: { readonly [K in keyof IllForm]?: IllForm[K] | undefined };
  readonly delivery: IllDelivery;
  readonly place?: string | undefined;
  readonly address?: string | undefined;
  /** Minor units of the library's currency. */
  readonly limitMinor?: number | undefined;
  /** The version of the copyright statement that was accepted. */
  readonly copyright?: string | undefined;
  readonly beneficiary?: string | undefined;
  readonly beneficiaryEmail?: string | undefined;
}

/** The same, clean and complete; what was not given is null. */
export interface CleanRequest {
  readonly service: IllService;
  readonly literature: LiteratureType;
  readonly work: IllForm;
  readonly delivery: IllDelivery;
  readonly place: string | null;
  readonly address: string | null;
  readonly limitMinor: number | null;
  readonly copyright: string | null;
  readonly beneficiary: string | null;
  readonly beneficiaryEmail: string | null;
}

/** What is wrong with a form, and where: an RFC 6901 pointer. */
export interface FormMistake {
  readonly pointer: string;
  readonly code: RefusalCode | 'field-required' | 'date-invalid';
  readonly values?: Readonly<Record<string, string | number>>;
}

interface Rules {
  readonly policy: LibraryPolicy;
  readonly kind: RequestKind;
  readonly today: Temporal.PlainDate;
}

/**
 * Text as it is kept: composed, in one direction – what turns the direction of writing round or is not seen at all is left out, since a title must read the same
 * wherever it is shown – and without more than one blank.
 */
export function cleanText(text: string): string {
  return text
    .toWellFormed()
    .normalize('NFC')
    .replaceAll(/(?!\u200C|\u200D|\n)\p{Cf}/gu, '')
    .replaceAll(/(?!\n)[\p{Cc}\p{Zs}\p{Zl}\p{Zp}]+/gu, ' ')
    .trim();
}

const oneLine = (text: string): string => cleanText(text).replaceAll(/\s+/gu, ' ');

/** What a field is kept as; undefined when nothing is left of it. A standard number that is none stays as it was written, for the rules to object to. */
function cleanField(field: RequestField, text: string): string | undefined {
  const clean = field === 'note' ? cleanText(text) : oneLine(text);
  if (clean === '') return undefined;
  if (field === 'isbn') return isbnForms(clean)[0] ?? clean;
  if (field === 'issn') return issn(clean) ?? clean;
  if (field === 'doi') return clean.replace(/^(?:https?:\/\/(?:dx\.)?doi\.org\/|info:doi\/|doi:)\s*/iu, '');
  return clean;
}

/** A work's description as it is kept. */
export function cleanWork({ neededBy, anyEdition, ...texts }: RequestWish['work']): IllForm {
  const fields = requestFields.flatMap((field) => {
    const text = texts[field];
    const clean = text === undefined ? undefined : cleanField(field, text);
    return clean === undefined ? [] : [[field, clean] as const];
  });
  return {
    title: '',
    ...Object.fromEntries(fields),
    ...(neededBy !== undefined && { neededBy }),
    ...(anyEdition === true && { anyEdition }),
  };
}

/** The rules for a type of literature at a library; undefined where it is not offered at all. */
export function literatureRule({ requests }: IllPolicy, type: LiteratureType): LiteratureRule | undefined {
  const own = requests.literature[type];
  if (own === 'none') return undefined;
  const { services, required } = own ?? {};
  const usual = usualLiterature[type];
  return { ...usual, ...(services && { services }), ...(required && { required }) };
}

/** How a service reaches the reader at this library; empty: it is not offered. */
export function deliveriesOf({ requests }: IllPolicy, service: IllService): readonly IllDelivery[] {
  const rule = requests.services[service];
  return rule === 'none' ? [] : rule.deliveries;
}

/** The copyright statement that has to be accepted on that day for a service; undefined: none. */
export function copyrightStatement({ requests }: IllPolicy, service: IllService, today: Temporal.PlainDate) {
  const day = today.toString();
  return requests.copyright
    .filter(({ services, from = '' }) => services.includes(service) && from <= day)
    .toSorted((a, b) => (a.from ?? '').localeCompare(b.from ?? ''))
    .at(-1);
}

/** Cleans a form and judges it by the library's rules: everything that is wrong with it at once (I1). */
export function judgeRequest(
  wish: RequestWish,
  ill: IllPolicy,
  rules: Rules,
): { readonly request: CleanRequest; readonly mistakes: readonly FormMistake[] } {
  const request = cleanRequest(wish, ill, rules);
  return {
    request,
    mistakes: [
      ...serviceMistakes(request, ill),
      ...workMistakes(request, ill, rules.today),
      ...deliveryMistakes(request, rules),
      ...moneyMistakes(request, ill),
      ...copyrightMistakes(request, ill, rules),
      ...personMistakes(request, rules.kind),
    ],
  };
}

const emptyAsNull = (text: string | undefined): string | null => {
  const clean = oneLine(text ?? '');
  return clean === '' ? null : clean;
};

function cleanRequest(wish: RequestWish, ill: IllPolicy, { policy }: Rules): CleanRequest {
  const { service, literature, delivery } = wish;
  const places = pickupCodes(policy);
  const only = places.length === 1 ? (places[0] ?? null) : null;
  return {
    service,
    literature,
    work: cleanWork(wish.work),
    delivery,
    place: delivery === 'pickup' ? (emptyAsNull(wish.place) ?? only) : null,
    address: delivery === 'post' ? cleanText(wish.address ?? '') || null : null,
    limitMinor: wish.limitMinor ?? ill.requests.costLimit.defaultMinor ?? null,
    copyright: emptyAsNull(wish.copyright),
    beneficiary: emptyAsNull(wish.beneficiary),
    beneficiaryEmail: emptyAsNull(wish.beneficiaryEmail),
  };
}

function serviceMistakes({ service, literature, delivery }: CleanRequest, ill: IllPolicy): FormMistake[] {
  const deliveries = deliveriesOf(ill, service);
  if (deliveries.length === 0) return [{ pointer: '/service', code: 'service-not-offered' }];
  const rule = literatureRule(ill, literature);
  const offered = rule?.services.includes(service) ?? false;
  return [
    ...(offered ? [] : [{ pointer: '/literature', code: 'literature-not-offered' } as const]),
    ...(deliveries.includes(delivery)
      ? []
      : [{ pointer: '/delivery', code: 'delivery-not-offered' } as const]),
  ];
}

function workMistakes(
  { literature, work }: CleanRequest,
  ill: IllPolicy,
  today: Temporal.PlainDate,
): FormMistake[] {
  const required = new Set<RequestField>(['title', ...(literatureRule(ill, literature)?.required ?? [])]);
  const missing = [...required].filter((field) => (work[field] ?? '') === '');
  return [
    ...missing.map((field): FormMistake => ({ pointer: `/work/${field}`, code: 'field-required' })),
    ...numberMistakes(work),
    ...(work.neededBy !== undefined && work.neededBy < today.toString()
      ? [{ pointer: '/work/neededBy', code: 'needed-by-past' } as const]
      : []),
  ];
}

function numberMistakes(work: IllForm): FormMistake[] {
  const wrong = (['isbn', 'issn'] as const).filter((field) => {
    const text = work[field];
    return text !== undefined && (field === 'isbn' ? isbnForms(text)[0] : issn(text)) === undefined;
  });
  return wrong.map((field) => ({ pointer: `/work/${field}`, code: 'standard-number-wrong' }));
}

function deliveryMistakes({ delivery, place, address }: CleanRequest, { policy }: Rules): FormMistake[] {
  if (delivery === 'post' && address === null) return [{ pointer: '/address', code: 'field-required' }];
  if (delivery !== 'pickup') return [];
  if (place === null) return [{ pointer: '/place', code: 'field-required' }];
  if (pickupCodes(policy).includes(place)) return [];
  return [{ pointer: '/place', code: 'place-unknown', values: { place } }];
}

function moneyMistakes({ limitMinor }: CleanRequest, { requests: { costLimit } }: IllPolicy): FormMistake[] {
  const pointer = '/limitMinor';
  if (limitMinor === null) return costLimit.needed ? [{ pointer, code: 'cost-limit-needed' }] : [];
  const { maximumMinor } = costLimit;
  if (maximumMinor === undefined || limitMinor <= maximumMinor) return [];
  return [{ pointer, code: 'cost-limit-too-high', values: { limitMinor: maximumMinor } }];
}

function copyrightMistakes(
  { service, copyright }: CleanRequest,
  ill: IllPolicy,
  { today }: Rules,
): FormMistake[] {
  const statement = copyrightStatement(ill, service, today);
  if (statement === undefined || statement.version === copyright) return [];
  return [{ pointer: '/copyright', code: 'copyright-not-accepted', values: { version: statement.version } }];
}

function personMistakes({ beneficiary, beneficiaryEmail }: CleanRequest, kind: RequestKind): FormMistake[] {
  const pointer = '/beneficiary';
  if (kind !== 'own') return beneficiary === null ? [{ pointer, code: 'beneficiary-needed' }] : [];
  const given = beneficiary !== null || beneficiaryEmail !== null;
  return given ? [{ pointer, code: 'beneficiary-not-taken' }] : [];
}
