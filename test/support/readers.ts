import { v7 as uuid } from 'uuid';
import type { Answer, Carrel } from './carrel.ts';
import { type Builders, createBuilders } from './builders.ts';

/** A signed-in reader with a portal. */
export interface Reader {
  readonly id: string;
  readonly token: string;
  readonly get: (path: string) => Promise<Answer>;
  /** Every request has a key of its own unless the test gives one. */
  readonly post: (path: string, body: unknown, key?: string) => Promise<Answer>;
  readonly put: (path: string, body: unknown) => Promise<Answer>;
  readonly remove: (path: string) => Promise<Answer>;
  /** The reader's open holds. */
  readonly holds: () => Promise<Answer['body'][]>;
  readonly hold: (titleId: string, wish?: object, key?: string) => Promise<Answer>;
}

/** Readers over HTTP, and a desk that lends and takes back; all of one library. */
export function createReaders(carrel: Carrel, library = carrel.build.library) {
  const build: Builders = createBuilders(carrel.orm, library);
  const policy = carrel.policies.get(library);
  const branch = policy.branches[0]?.code ?? '';
  const desk = { branch, actor: 'staff:desk' } as const;

  const signedIn = async (patronId: string): Promise<Reader> => {
    const token = await build.sign('patron', patronId);
    const post = (path: string, body: unknown, key: string = uuid()) =>
      carrel.call(token, 'POST', path, body, { 'idempotency-key': key });
    return {
      id: patronId,
      token,
      post,
      get: (path) => carrel.call(token, 'GET', path),
      put: (path, body) => carrel.call(token, 'PUT', path, body),
      remove: (path) => carrel.call(token, 'DELETE', path),
      holds: async () => (await carrel.call(token, 'GET', '/v1/me/holds')).body.items,
      hold: (titleId, wish = {}, key) =>
        post('/v1/holds', { titleId, pickupPlace: branch, contact: 'none', ...wish }, key),
    };
  };

  const lend = async (patronId: string, itemId: string) => {
    const loanId = uuid();
    const outcome = await carrel.commands.checkOut({ ...desk, library, loanId, patronId, itemId });
    if (outcome.outcome !== 'done') throw new Error(`Not lent: ${JSON.stringify(outcome)}`);
    return loanId;
  };

  return {
    build,
    branch,
    lend,
    signedIn,
    reader: async (given: Parameters<Builders['patron']>[0] = {}): Promise<Reader> =>
      signedIn((await build.patron(given)).id),
    giveBack: (loanId: string | null, itemId: string) =>
      carrel.commands.checkIn(loanId, { ...desk, itemId }, uuid()),
    /** A title whose only copy somebody else has. */
    lentTitle: async (given: Parameters<Builders['title']>[0] = {}) => {
      const title = await build.title(given);
      const item = await build.item(title.id, { branch });
      const loanId = await lend((await build.patron()).id, item.id);
      return { title, item, loanId };
    },
  };
}

/** The codes of a problem's reasons, or of any list of reasons. */
export const codesOf = (reasons: readonly { readonly code: string }[]): string[] =>
  reasons.map(({ code }) => code);
