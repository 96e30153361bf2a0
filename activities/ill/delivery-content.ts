import { Temporal } from 'temporal-polyfill';
import {
  type Hold,
  IllAttempt,
  IllDocument,
  IllFormRow,
  IllRequest,
  Remark,
} from '../../db/entities/index.ts';
import type { Tx } from '../../db/transaction.ts';
import { documentSecret } from '../../domain/document-link.ts';
import { conditionsInWords } from '../../domain/ill-conditions.ts';
import { pickupPlaceShown } from '../../domain/ill-places.ts';
import type { Language } from '../../domain/languages.ts';
import type { LibraryPolicy } from '../../domain/policy.ts';
import { peersOf } from '../../domain/policy-peers.ts';
import { endOf } from '../../domain/review-deadlines.ts';
import type { NoticeContent, SecuredData } from '../../notices/content.ts';
import {
  type DeliveryData,
  deliveryNotices,
  type DocumentDeliveryData,
  documentNotices,
} from '../../notices/delivery-content.ts';
import type { ActivityDeps } from '../deps.ts';
import { instant } from '../facts.ts';
import type { Writing } from '../notices/notice-content.ts';

/** What a notice about something delivered tells, as it is now; undefined: it is about something else. */
export async function deliveryContent(
  deps: ActivityDeps,
  tx: Tx,
  writing: Pick<Writing, 'notice' | 'policy'>,
): Promise<NoticeContent | undefined> {
  const { notice } = writing;
  const plain = deliveryNotices.find((each) => each === notice.kind);
  const document = documentNotices.find((each) => each === notice.kind);
  if (!plain && !document) return undefined;
  const request = await tx.findOneOrFail(IllRequest, { id: notice.subjectId });
  const data = await delivered(deps, tx, writing, request);
  if (plain) return { kind: plain, data };
  if (!document) return undefined;
  return { kind: document, data: { ...data, ...(await documentData(deps, tx, writing, request)) } };
}

async function delivered(
  deps: ActivityDeps,
  tx: Tx,
  { notice, policy }: Pick<Writing, 'notice' | 'policy'>,
  request: IllRequest,
): Promise<DeliveryData> {
  const { content } = await tx.findOneOrFail(IllFormRow, { id: request.formId });
  const attempt = request.attemptId ? await tx.findOne(IllAttempt, { id: request.attemptId }) : null;
  const { language } = notice;
  const { note, remarkId } = notice.content;
  const remark = typeof remarkId === 'string' ? await tx.findOne(Remark, { id: remarkId }) : null;
  return {
    title: request.title,
    author: content.author ?? null,
    number: request.number,
    supplier: supplierName(policy, attempt, language),
    ...(request.service === 'loan' &&
      request.dueAt &&
      notice.kind !== 'ill-lost' && { dueAt: request.dueAt.getTime() }),
    ...(notice.kind === 'ill-lost' && (await chargedOf(tx, request))),
    ...(notice.kind === 'ill-arrived' &&
      request.place && { place: placeLines(deps, policy, request.place, language) }),
    ...(request.direct && attempt?.returnTo && { returnTo: attempt.returnTo }),
    conditions: conditionWords(deps, attempt?.conditions ?? [], language),
    ...((remark ?? note) !== undefined && {
      note: remark?.text ?? (typeof note === 'string' ? note : undefined),
    }),
  };
}

/** What the reader pays for a thing that was lost, and for the work with it. */
async function chargedOf(tx: Tx, { id, itemId }: IllRequest): Promise<Pick<DeliveryData, 'charged'>> {
  const [row] = await tx.execute<{ amount: number; currency: string }[]>(
    `select sum(amount)::float8 as amount, currency from charge
     where cause in ('lost', 'processing') and dropped_at is null and (subject_id = ? or item_id = ?) group by currency`,
    [id, itemId ?? null],
  );
  return row ? { charged: { amountMinor: row.amount, currency: row.currency } } : {};
}

function supplierName(
  policy: LibraryPolicy,
  attempt: Pick<IllAttempt, 'peer' | 'supplier'> | null,
  language: Language,
): string | undefined {
  if (!attempt) return undefined;
  return (
    attempt.supplier ?? peersOf(policy).find(({ code }) => code === attempt.peer)?.name[language] ?? undefined
  );
}

/** Where it is picked up, line by line: campus, building, window, address, telephone and hours (I19). */
export function placeLines(
  { texts }: Pick<ActivityDeps, 'texts'>,
  policy: LibraryPolicy,
  code: string,
  language: Language,
): string[] {
  const place = pickupPlaceShown(policy, code, language);
  if (!place) return [code];
  const { name, campus, building, window, address, phone } = place;
  const hours = place.hours ?? weekText(language, place.week);
  return [
    name,
    [campus, building, window].filter((part) => part !== null).join(', '),
    address,
    texts.t(language, 'delivery.phone', { phone }),
    ...(hours === '' ? [] : [texts.t(language, 'delivery.hours', { hours })]),
  ].filter((line) => line !== '');
}

const locales: Readonly<Record<Language, string>> = { ja: 'ja-JP', zh: 'zh-CN', de: 'de-DE', en: 'en-GB' };
/** A Monday: only its weekday counts. */
const monday = Temporal.PlainDate.from('2024-01-01');

interface Day {
  readonly weekday: string;
  readonly opens: string;
  readonly closes: string;
}

function weekText(language: Language, week: readonly Day[]): string {
  const days = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];
  const name = (weekday: string) =>
    monday.add({ days: days.indexOf(weekday) }).toLocaleString(locales[language], { weekday: 'short' });
  const sameHours = Object.groupBy(week, ({ opens, closes }) => `${opens}–${closes}`);
  return Object.entries(sameHours)
    .map(([hours, group = []]) => `${group.map(({ weekday }) => name(weekday)).join(' ')} ${hours}`)
    .join('; ');
}

async function documentData(
  deps: ActivityDeps,
  tx: Tx,
  { notice, policy }: Pick<Writing, 'notice' | 'policy'>,
  request: IllRequest,
): Promise<Partial<DocumentDeliveryData>> {
  const { documentId, issue } = notice.content;
  const document = await tx.findOne(IllDocument, { id: String(documentId) });
  if (!document || policy.ill === 'none') return {};
  const { downloads, keepFor } = policy.ill.delivery.documents;
  if (notice.kind === 'ill-document-held') return openOf(tx, request);
  if (notice.kind === 'ill-document-expired') {
    const from = instant(document.releasedAt ?? notice.createdAt);
    return { keptUntil: endOf(policy, from, keepFor).epochMilliseconds };
  }
  const link = { to: 'reader', documentId: document.id, issue: Number(issue) } as const;
  return {
    ...(document.expiresAt && { validUntil: document.expiresAt.getTime() }),
    downloads,
    ...(notice.channel === 'mail' && {
      link: `${deps.publicUrl}/document-links/${document.id}#${documentSecret(deps.secret, link)}`,
    }),
  };
}

async function openOf(tx: Tx, request: IllRequest): Promise<Partial<DocumentDeliveryData>> {
  const [row] = await tx.execute<{ amount: number; currency: string }[]>(
    `select sum(remaining)::float8 as amount, currency from charge where waits = ? and remaining > 0 and dropped_at is null group by currency`,
    [`ill:${request.id}`],
  );
  return row ? { open: { amountMinor: row.amount, currency: row.currency } } : {};
}

/** Of a thing that is kept for its reader what the notice says besides: when it has to be back, its supplier's conditions, and more about the place; of the library's own nothing. */
export async function keptThing(
  deps: Pick<ActivityDeps, 'texts'>,
  tx: Tx,
  policy: LibraryPolicy,
  { kind, itemId, pickupPlace }: Pick<Hold, 'kind' | 'itemId' | 'pickupPlace'>,
  language: Language,
): Promise<Pick<SecuredData, 'dueAt' | 'conditions' | 'placeLines'>> {
  const request = kind === 'ill' && itemId ? await tx.findOne(IllRequest, { itemId }) : null;
  if (!request) return {};
  const attempt = request.attemptId ? await tx.findOne(IllAttempt, { id: request.attemptId }) : null;
  return {
    ...(request.dueAt && { dueAt: request.dueAt.getTime() }),
    conditions: conditionWords(deps, attempt?.conditions ?? [], language),
    placeLines: placeLines(deps, policy, pickupPlace, language).slice(1),
  };
}

/** Conditions in words, as far as they have any. */
export function conditionWords(
  { texts }: Pick<ActivityDeps, 'texts'>,
  codes: readonly string[],
  language: Language,
): string[] {
  const known = codes.filter((code) => conditionsInWords.has(code));
  return known.map((code) => texts.t(language, `delivery.condition.${code}`));
}
