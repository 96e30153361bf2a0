import { randomUUID } from 'node:crypto';
import { IllDraft } from '../db/entities/index.ts';
import { inTransaction, reader } from '../db/transaction.ts';
import type { EncodingUsed, LinkEncoding } from '../domain/link-text.ts';
import { readOpenUrl } from '../domain/openurl.ts';
import { formOfOpenUrl, keptOpenUrl, type Prefilled } from '../domain/openurl-form.ts';
import { networkOf } from './auth/address.ts';
import { createThrottle } from './auth/throttle.ts';
import { locked } from './auth/sign-in.ts';
import type { ApiDeps } from './deps.ts';
import { problem } from './problem.ts';

/** Long enough to find one's card and sign in. */
const keptMs = 2 * 3_600_000;

/** A campus or a library's reading room may be behind one network. */
const limit = { failures: 600, lockMs: 600_000, grows: false };

/** A form that a link filled, and how the link's characters were read. */
export interface LinkForm {
  readonly form: Prefilled;
  readonly encoding: EncodingUsed;
}

export interface Draft extends LinkForm {
  readonly id: string;
  /** Epoch milliseconds. */
  readonly expiresAt: number;
}

function formOf(query: string, chosen?: LinkEncoding): LinkForm {
  const wanted = readOpenUrl(query, chosen);
  return { form: formOfOpenUrl(wanted), encoding: wanted.encoding };
}

interface Arriving {
  readonly library: string | null;
  /** Keys and values, percent-encoded. */
  readonly query: string;
  readonly address: string;
  readonly now: number;
}

/** Keeps what a link asks for until its follower has signed in (I1). Nothing that the link says about a person is read or kept. */
export function createRequestDrafts(deps: Pick<ApiDeps, 'orm' | 'policies'>) {
  const throttle = createThrottle(deps.orm);

  const admit = async ({ library, address, now }: Arriving) => {
    const { admitted, lockedUntil } = await throttle.attempt(`openurl:${networkOf(address)}`, limit, now);
    if (admitted) return;
    const policy = library === null ? deps.policies.all()[0] : deps.policies.get(library);
    if (policy) throw locked(policy, lockedUntil ?? now, now);
  };

  return {
    /** Reads a link without keeping it. */
    read: formOf,

    /** Reads a link and keeps it for a while. Throws `too-many-attempts` when too many come from one network. */
    async keep(arriving: Arriving): Promise<Draft> {
      await admit(arriving);
      const { library, now } = arriving;
      const query = keptOpenUrl(arriving.query);
      const id = randomUUID();
      const expiresAt = now + keptMs;
      await inTransaction(deps.orm, async (tx) => {
        tx.create(IllDraft, {
          id,
          library,
          content: { query },
          storedAt: new Date(now),
          expiresAt: new Date(expiresAt),
        });
      });
      return { id, ...formOf(query), expiresAt };
    },

    /** What a link asked for that was followed before; `chosen`: its characters as the reader says. Throws `draft-unknown`. */
    async open(
      id: string,
      now: number,
      chosen?: LinkEncoding,
    ): Promise<Draft & { readonly library: string | null }> {
      const draft = await reader(deps.orm).findOne(IllDraft, { id, expiresAt: { $gt: new Date(now) } });
      if (!draft) throw problem('draft-unknown');
      const { content, library, expiresAt } = draft;
      return {
        id,
        library: library ?? null,
        ...formOf(content.query, chosen),
        expiresAt: expiresAt.getTime(),
      };
    },
  };
}

/** The keys and values of an address, or of what stands behind its question mark. */
export function queryOf(openUrl: string): string {
  return openUrl.slice(openUrl.indexOf('?') + 1).replace(/#.*$/u, '');
}
