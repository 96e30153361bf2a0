import type { MikroORM } from '@mikro-orm/postgresql';
import type { Roused } from '../activities/deps.ts';
import type { Policies } from '../config/policies.ts';
import { inTransaction } from '../db/transaction.ts';
import { peersOf } from '../domain/policy-peers.ts';
import { readMessage } from '../iso18626/read.ts';
import { check, isFrom, securityCodeOf } from './check.ts';
import { confirmationOf } from './confirm.ts';
import { judge, type Judged } from './judge.ts';
import { confirmedBefore, hashOf, hear, type Kept, lockRef, noteTheirRef, store } from './keep.ts';

export interface ReceiveDeps {
  readonly orm: MikroORM;
  readonly policies: Policies;
}

/** A message that has come for a library, as it came. Whoever takes it in has bounded its length. */
export interface Incoming {
  readonly library: string;
  readonly xml: string;
  /** The library's peers, by their codes, that the sender has proved to be; `securityCode` stands in the message itself. */
  readonly prove: (securityCode: string | undefined) => ReadonlySet<string>;
  readonly now: number;
}

export type Received =
  /** Nobody who may send anything. Nothing was stored. */
  | { readonly outcome: 'unauthenticated' }
  | {
      readonly outcome: 'confirmed';
      /** The confirmation to answer with; what it confirms is committed. */
      readonly xml: string;
      /** Processes that have something to heed. Should nobody tell them, the sweep finds them. */
      readonly rouse: readonly Roused[];
    };

/**
 * Takes a message of ISO 18626 in (I18): checks who it is from, what it is about and whether it can be, stores it, and confirms it. The confirmation says "stored" and is given only when that has
 * been committed; whatever the message is about heeds it afterwards. The same message again gets the same confirmation and changes nothing. A message that cannot be understood or followed is kept
 * for staff, and its sender is told why (`errorData`, clause 4.1).
 */
export async function receive(deps: ReceiveDeps, incoming: Incoming): Promise<Received> {
  const { library, xml, prove, now } = incoming;
  const policy = deps.policies.get(library);
  const reading = readMessage(xml);
  const proved = prove(securityCodeOf(reading));
  const candidates = peersOf(policy).filter(({ code }) => proved.has(code));
  const [first] = candidates;
  if (!first) return { outcome: 'unauthenticated' };
  const itself = candidates.find(({ agency }) => isFrom(reading, agency));
  const checked = check(policy, reading, itself !== undefined, now);
  const kept = { library, peer: itself ?? first, reading, xml, now, ...checked };
  return take(deps.orm, { ...kept, hash: hashOf(kept) });
}

async function take(orm: MikroORM, kept: Kept): Promise<Received> {
  return inTransaction(orm, async (tx) => {
    await lockRef(tx, kept);
    const before = await confirmedBefore(tx, kept);
    if (before) return { outcome: 'confirmed', ...before };
    const { reading, requestRef, saidAt, hash, library, errors } = kept;
    const given = { library, peer: kept.peer.code, requestRef, saidAt, hash };
    const judged =
      errors.length > 0 || !reading.message
        ? turnedAway(kept)
        : await judge(tx, { ...given, message: reading.message });
    const xml = confirmationOf({
      reading,
      receivedAt: new Date(kept.now),
      edition: kept.peer.edition,
      errors: judged.errors,
    });
    if (!judged.again) await store(tx, kept, judged, xml);
    await noteTheirRef(tx, kept, judged);
    return { outcome: 'confirmed', xml, rouse: [...judged.rouse, ...(await hear(tx, kept))] };
  });
}

const turnedAway = ({ errors }: Kept): Judged => ({
  about: null,
  aboutId: null,
  state: 'refused',
  errors,
  rouse: [],
});
