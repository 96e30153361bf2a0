import { v7 as uuid } from 'uuid';
import type { Item, Patron, Title } from '../../db/entities/index.ts';
import type { StaffRole } from '../../domain/roles.ts';
import { createBuilders } from './builders.ts';
import { type Answer, type Carrel, until } from './carrel.ts';

/** Somebody of the staff with a console. */
export interface Console {
  readonly id: string;
  readonly name: string;
  readonly get: (path: string, language?: string) => Promise<Answer>;
  /** Every request has a key of its own unless the test gives one. */
  readonly post: (
    path: string,
    body?: unknown,
    given?: { key?: string; language?: string },
  ) => Promise<Answer>;
  readonly remove: (path: string, body?: unknown) => Promise<Answer>;
}

/** The desks of a library, over HTTP. */
export function createDesks(carrel: Carrel, library = carrel.build.library) {
  const build = createBuilders(carrel.orm, library);
  const branch = carrel.policies.get(library).branches[0]?.code ?? '';

  const staff = async (...roles: StaffRole[]): Promise<Console> => {
    const { id, name, token } = await build.staff(...roles);
    const asked = (language: string) => ({ 'accept-language': language });
    return {
      id,
      name,
      get: (path, language = 'en') => carrel.call(token, 'GET', path, undefined, asked(language)),
      post: (path, body, { key = uuid(), language = 'en' } = {}) =>
        carrel.call(token, 'POST', path, body, { 'idempotency-key': key, ...asked(language) }),
      remove: (path, body) => carrel.call(token, 'DELETE', path, body),
    };
  };

  const expecting = async (status: number, asked: Promise<Answer>) => {
    const answer = await asked;
    if (answer.status !== status) throw new Error(`${answer.status}: ${JSON.stringify(answer.body)}`);
    return answer.body;
  };

  const lend = (
    desk: Console,
    { card }: Pick<Patron, 'card'>,
    { barcode }: Pick<Item, 'barcode'>,
    at = branch,
  ) => expecting(201, desk.post('/v1/staff/check-outs', { card, barcode, branch: at }));

  const takeBack = (desk: Console, { barcode }: Pick<Item, 'barcode'>, at = branch) =>
    expecting(200, desk.post('/v1/staff/check-ins', { barcode, branch: at }));

  const hold = (
    desk: Console,
    { card }: Pick<Patron, 'card'>,
    { id }: Pick<Title, 'id'>,
    wish: object = {},
  ) =>
    expecting(
      201,
      desk.post('/v1/staff/holds', { card, titleId: id, pickupPlace: branch, contact: 'none', ...wish }),
    );

  return {
    build,
    branch,
    staff,
    expecting,
    lend,
    takeBack,
    hold,
    /** A title whose only copy somebody has on loan. */
    lentTitle: async (desk: Console, given: Parameters<typeof build.title>[0] = {}) => {
      const title = await build.title(given);
      const item = await build.item(title.id, { branch });
      const borrower = await build.patron();
      const loan = await lend(desk, borrower, item);
      return { title, item, borrower, loan };
    },
    /** Asks for a hold until it is as expected. */
    holdWhen: (desk: Console, id: string, satisfied: (hold: Answer['body']) => boolean) =>
      until(() => expecting(200, desk.get(`/v1/staff/holds/${id}`)), satisfied),
    /** The first mail to an address with such a subject. */
    mailTo: (email: string | null | undefined, subject: RegExp) =>
      carrel.mailbox.waitFor((mail) => mail.to.includes(email ?? '') && subject.test(mail.subject)),
    sql: <T extends object>(statement: string, values: unknown[]) =>
      carrel.orm.em.fork().execute<T[]>(statement, values),
  };
}

export type Desks = ReturnType<typeof createDesks>;
