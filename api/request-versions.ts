import type { MikroORM } from '@mikro-orm/postgresql';
import { IllFormRow } from '../db/entities/index.ts';
import { inTransaction, type Tx } from '../db/transaction.ts';
import type { LibraryPolicy } from '../domain/policy.ts';
import type { CleanRequest, RequestKind, RequestWish } from '../domain/request-form.ts';
import type { Actor } from '../domain/roles.ts';
import { problem } from './problem.ts';
import { keepForm, takeForm } from './request-intake.ts';

/** What is changed in a form; what is left out stays. An empty text takes a field out of the description. */
export interface FormChange {
  readonly work?: RequestWish['work'] | undefined;
  readonly limitMinor?: number | undefined;
}

interface Versioned {
  readonly requestId: string;
  /** The new version's id: the same change again is the same version. */
  readonly id: string;
  readonly actor: Actor;
  /** Epoch milliseconds. */
  readonly now: number;
}

/**
 * Keeps another version of a request's form, before its process hears of it (I1): a document, like the first one. Answers its id. Throws a problem with everything that is wrong
 * with it. Of two at once each gets a version of its own, and the later one counts.
 */
export async function keepVersion(
  orm: MikroORM,
  policy: LibraryPolicy,
  change: FormChange,
  version: Versioned,
): Promise<string> {
  await inTransaction(orm, async (tx) => {
    // Two at once would take the same number.
    await tx.execute('select id from ill_form where id = ? for no key update', [version.requestId]);
    if (await tx.findOne(IllFormRow, { id: version.id })) return;
    const last = await latest(tx, version.requestId);
    await keepForm(tx, {
      ...version,
      version: last.version + 1,
      library: last.library,
      patronId: last.patronId ?? null,
      request: changed(policy, last, change, version.now),
      overridden: last.overridden,
    });
  });
  return version.id;
}

async function latest(tx: Tx, requestId: string): Promise<IllFormRow> {
  const [last] = await tx.find(IllFormRow, { requestId }, { orderBy: { version: 'desc' }, limit: 1 });
  if (!last) throw problem('request-unknown');
  return last;
}

function changed(policy: LibraryPolicy, form: IllFormRow, change: FormChange, now: number): CleanRequest {
  const before = asWritten(form);
  const limitMinor = change.limitMinor ?? before.limitMinor;
  if (!change.work) return { ...before, limitMinor };
  const work = Object.fromEntries(
    Object.entries({ ...form.content, ...change.work }).filter(([, value]) => value !== ''),
  );
  const wish: RequestWish = {
    ...stated({ ...before, limitMinor }),
    service: form.service,
    literature: form.literature,
    delivery: form.delivery,
    work,
  };
  const kind: RequestKind = form.patronId == null ? 'for-other' : form.beneficiary == null ? 'own' : 'group';
  return takeForm(policy, wish, kind, now);
}

function asWritten(form: IllFormRow): CleanRequest {
  return {
    service: form.service,
    literature: form.literature,
    work: form.content,
    delivery: form.delivery,
    place: form.place ?? null,
    address: form.address ?? null,
    limitMinor: form.limit == null ? null : Number(form.limit),
    copyright: form.copyright ?? null,
    beneficiary: form.beneficiary ?? null,
    beneficiaryEmail: form.beneficiaryEmail ?? null,
  };
}

type Optional = 'place' | 'address' | 'limitMinor' | 'copyright' | 'beneficiary' | 'beneficiaryEmail';

const optional: readonly Optional[] = [
  'place',
  'address',
  'limitMinor',
  'copyright',
  'beneficiary',
  'beneficiaryEmail',
];

/** What was given, without what was not. */
function stated(request: CleanRequest): Partial<Pick<RequestWish, Optional>> {
  const given = optional.filter((field) => request[field] !== null);
  return Object.fromEntries(given.map((field) => [field, request[field]]));
}
