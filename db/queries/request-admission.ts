import { Temporal } from 'temporal-polyfill';
import type { IllForm, LiteratureType } from '../../domain/ill.ts';
import type { LibraryPolicy } from '../../domain/policy.ts';
import type { IllPolicy } from '../../domain/policy-ill.ts';
import { requestKeys } from '../../domain/request-keys.ts';
import {
  duplicatesSince,
  periodStart,
  type RequestChannel,
  type RequestFacts,
} from '../../domain/request-rules.ts';
import type { Tx } from '../transaction.ts';
import { owedBy, patronFacts, type PatronColumns } from './patron-facts.ts';
import {
  heldHere,
  type HeldTitle,
  type LikelyRequest,
  likelyRequests,
  requestCounts,
} from './request-facts.ts';

/** A reader as the rules look at them. */
export interface AskingReader extends PatronColumns {
  readonly id: string;
  readonly permissions: readonly string[];
  readonly userGroup: string | null;
}

/** What somebody asks for, and for whom. */
export interface Asking {
  readonly policy: LibraryPolicy;
  readonly ill: IllPolicy;
  readonly requestId: string;
  readonly reader: AskingReader | null;
  readonly channel: RequestChannel;
  readonly literature: LiteratureType;
  readonly work: IllForm;
  readonly beneficiary: string | null;
  readonly overridden: readonly string[];
  readonly at: Date;
}

export interface Admission {
  readonly facts: RequestFacts;
  /** Of the same reader – of an institution's account, for the same person. */
  readonly own: readonly LikelyRequest[];
  /** Of others at the library. */
  readonly others: readonly LikelyRequest[];
  readonly held: readonly HeldTitle[];
}

const instantOf = (at: Date) => Temporal.Instant.fromEpochMilliseconds(at.getTime());
const dateOf = (at: Temporal.Instant) => new Date(at.epochMilliseconds);

/** Everything that decides whether a request is taken (I1); decisive only under the reader's lock. */
export async function admissionOf(tx: Tx, asking: Asking): Promise<Admission> {
  const { policy, ill, reader, work, at, beneficiary } = asking;
  const now = instantOf(at);
  const keys = requestKeys(asking.literature, work);
  const since = dateOf(duplicatesSince(policy, ill, now));
  const likely = await likelyRequests(tx, { library: policy.code, keys, since, except: asking.requestId });
  const isOwn = (each: LikelyRequest) =>
    each.patronId === (reader?.id ?? null) && each.beneficiary === beneficiary;
  const own = likely.filter(isOwn);
  const held = ill.requests.heldHere === 'ignore' ? [] : await heldHere(tx, policy.code, work);
  const [first] = held;
  return {
    own,
    others: likely.filter((each) => !isOwn(each)),
    held,
    facts: {
      policy,
      ill,
      now,
      channel: asking.channel,
      reader: reader && (await readerFacts(tx, asking, reader, now)),
      duplicate: own[0]?.number ?? null,
      held: first
        ? { title: first.title, serial: first.issns.length > 0 || first.kind === 'magazine' }
        : null,
      overridden: asking.overridden,
    },
  };
}

async function readerFacts(
  tx: Tx,
  { policy, ill }: Asking,
  reader: AskingReader,
  now: Temporal.Instant,
): Promise<NonNullable<RequestFacts['reader']>> {
  const userGroup = reader.userGroup ?? '';
  const since = periodStart(policy, ill, userGroup, now);
  const counts = await requestCounts(tx, reader.id, since && dateOf(since));
  const [row] = await tx.execute<{ blocked: boolean; owed: number }[]>(
    `select exists (select from block where patron_id = ? and lifted_at is null) as blocked, ${owedBy('?')} as owed`,
    [reader.id, reader.id],
  );
  return {
    facts: patronFacts(reader, row?.blocked ?? false, row?.owed),
    permissions: reader.permissions,
    userGroup,
    open: counts.open,
    submitted: since ? counts.submitted : [],
  };
}
