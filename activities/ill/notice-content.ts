import { IllAttempt, IllFormRow, IllRequest, Patron, Remark } from '../../db/entities/index.ts';
import type { Tx } from '../../db/transaction.ts';
import { byHand } from '../../domain/ill.ts';
import { questions } from '../../domain/ill-heard.ts';
import type { Language } from '../../domain/languages.ts';
import type { NoticeContent, RequestData, RequestFormData } from '../../notices/content.ts';
import { formatMoney } from '../../notices/formats.ts';
import { loanConditions, toldReasons } from '../../domain/supply-reasons.ts';
import { requestFields } from '../../domain/request-fields.ts';
import type { ActivityDeps } from '../deps.ts';
import type { Writing } from '../notices/notice-content.ts';
import { offerOf } from './offer.ts';

const kinds = [
  'ill-submitted',
  'ill-promised',
  'ill-asked',
  'ill-unfilled',
  'ill-cancelled',
  'ill-cancel-refused',
  'ill-rejected',
  'ill-form',
] as const;

interface Letter {
  readonly deps: ActivityDeps;
  readonly tx: Tx;
  readonly writing: Writing;
  readonly request: IllRequest;
  readonly about: RequestData;
}

/** What a notice tells of a request to other libraries, as it stands now; undefined for notices about something else. */
export async function requestContent(
  deps: ActivityDeps,
  tx: Tx,
  writing: Writing,
): Promise<NoticeContent | undefined> {
  const { notice } = writing;
  const kind = kinds.find((each) => each === notice.kind);
  if (kind === undefined) return undefined;
  const request = await tx.findOneOrFail(IllRequest, { id: notice.subjectId });
  const form = await tx.findOneOrFail(IllFormRow, { id: request.formId });
  const { title, component, author, componentAuthor } = form.content;
  const about: RequestData = {
    title: component ?? title,
    author: (component ? componentAuthor : author) ?? author ?? null,
    number: request.number,
  };
  const letter = { deps, tx, writing, request, about };
  if (kind === 'ill-asked') return { kind, data: { ...about, ...(await askedOf(letter)) } };
  if (kind === 'ill-unfilled') return { kind, data: { ...about, ...(await unfilledOf(letter)) } };
  if (kind === 'ill-form') return { kind, data: { ...about, fields: await fieldsOf(letter, form) } };
  if (kind === 'ill-cancelled' || kind === 'ill-rejected')
    return { kind, data: { ...about, remark: await remarkOf(tx, request) } };
  return { kind, data: about };
}

async function remarkOf(tx: Tx, { remarkId }: IllRequest): Promise<string | null> {
  return remarkId ? ((await tx.findOne(Remark, { id: remarkId }))?.text ?? null) : null;
}

async function askedOf({ deps, tx, writing, request }: Letter) {
  const { language } = writing.notice;
  const attempt = request.attemptId ? await tx.findOne(IllAttempt, { id: request.attemptId }) : null;
  const what = questions.find((each) => each === writing.notice.content['what']) ?? 'other';
  const supplierAsks = what !== 'price' && attempt;
  return {
    what,
    conditions: supplierAsks
      ? offerOf(attempt).conditions.map((code) => conditionText(deps, language, code))
      : [],
    ...(supplierAsks && what !== 'cost' && attempt.reason != null
      ? { reason: reasonText(deps, language, attempt) }
      : {}),
    ...(request.priceMinor != null && {
      price: { amountMinor: Number(request.priceMinor), currency: writing.policy.currency },
    }),
    ...(request.askUntil && { until: request.askUntil.getTime() }),
  };
}

const ends = ['all-unfilled', 'no-supplier', 'needed-by-passed', 'not-obtained'] as const;

async function unfilledOf({ deps, tx, writing, request }: Letter) {
  const { policy, notice } = writing;
  const attempts = await tx.find(IllAttempt, { requestId: request.id }, { orderBy: { position: 'asc' } });
  const peers = policy.ill === 'none' ? [] : policy.ill.peers;
  const nameOf = ({ peer, supplier }: IllAttempt) =>
    peer === byHand
      ? (supplier ?? deps.texts.t(notice.language, 'request.supplier'))
      : (peers.find(({ code }) => code === peer)?.name[notice.language] ?? peer);
  return {
    reason: ends.find((each) => each === request.reason) ?? ('not-obtained' as const),
    suppliers: attempts.map((attempt) => ({
      name: nameOf(attempt),
      why: reasonText(deps, notice.language, attempt),
    })),
    remark: await remarkOf(tx, request),
  };
}

/** Why a supplier did not send it, in plain words: its own reason where it is known, else how the attempt ended. */
export function reasonText(
  { texts }: Pick<ActivityDeps, 'texts'>,
  language: Language,
  { reason, outcome }: Pick<IllAttempt, 'reason' | 'outcome'>,
): string {
  const known = toldReasons.find((each) => each === reason);
  return texts.t(language, known ? `supplierReason.${known}` : `request.outcome.${outcome}`);
}

/** The reader's note stands last, after the day by which it is needed. */
const written = [...requestFields.filter((field) => field !== 'note'), 'neededBy', 'note'] as const;

function conditionText({ texts }: ActivityDeps, language: Language, code: string): string {
  const known = loanConditions.find((each) => each === code);
  return known ? texts.t(language, `loanCondition.${known}`) : code;
}

/** Whoever obtains it by hand has to know what it may cost: nothing is not the same as not stated, though the reader is asked about any price either way. */
function limitText({ texts }: ActivityDeps, { notice, policy }: Writing, { limit }: IllFormRow): string {
  const { language } = notice;
  if (limit == null) return texts.t(language, 'request.costLimit.none');
  if (Number(limit) === 0) return texts.t(language, 'request.costLimit.free');
  return formatMoney(language, { amountMinor: Number(limit), currency: policy.currency });
}

async function fieldsOf(
  { deps, writing, request, tx }: Letter,
  form: IllFormRow,
): Promise<RequestFormData['fields']> {
  const { language } = writing.notice;
  const patron = request.patronId ? await tx.findOne(Patron, { id: request.patronId }) : null;
  const pairs: readonly (readonly [string, string | null | undefined])[] = [
    ['request-number', request.number],
    ['service', deps.texts.t(language, `request.service.${form.service}`)],
    ['literature', deps.texts.t(language, `request.literature.${form.literature}`)],
    ...written.map((field) => [field, form.content[field]] as const),
    ['delivery', deps.texts.t(language, `request.delivery.${form.delivery}`)],
    ['address', form.address],
    ['cost-limit', limitText(deps, writing, form)],
    ['reader', form.beneficiary ?? patron?.name],
    ['card', patron?.card],
    ['email', form.beneficiaryEmail ?? patron?.email],
    ['phone', patron?.phone],
  ];
  return pairs.flatMap(([label, value]) => (value ? [{ label: `field-${label}`, value }] : []));
}
