import { createHash, randomBytes } from 'node:crypto';
import type { MikroORM } from '@mikro-orm/postgresql';
import { v7 as uuid } from 'uuid';
import { Block, Item, Patron, Session, StaffMember, Title } from '../../db/entities/index.ts';
import type { StaffRole } from '../../domain/roles.ts';

let serial = 0;
const next = (): string => String((serial += 1)).padStart(7, '0');

type Given<T> = { [K in keyof T]?: T[K] | undefined };

/** Puts rows a test needs into the database, with sensible values for whatever the test does not care about. */
export function createBuilders(orm: MikroORM, library: string, at = new Date()) {
  const save = async <T extends object>(make: (em: MikroORM['em']) => T): Promise<T> => {
    const em = orm.em.fork();
    const row = make(em);
    await em.flush();
    return row;
  };
  const sign = async (holderKind: 'patron' | 'staff', holderId: string): Promise<string> => {
    const token = randomBytes(32).toString('base64url');
    await save((em) =>
      em.create(Session, {
        tokenHash: createHash('sha256').update(token).digest(),
        holderKind,
        holderId,
        library,
        scope: 'full',
        address: '127.0.0.1',
        createdAt: new Date(),
        lastUsedAt: new Date(),
        expiresAt: new Date(Date.now() + 12 * 3_600_000),
      }),
    );
    return token;
  };
  return {
    library,
    sign,
    patron: (given: Given<Patron> = {}) => {
      const card = `0${next()}`;
      return save((em) =>
        em.create(Patron, {
          id: uuid(),
          library,
          card,
          name: `Reader ${card}`,
          email: `reader${card}@example.org`,
          emailState: 'confirmed',
          phone: '092-000-0000',
          language: 'en',
          userGroup: 'adult',
          createdAt: at,
          ...given,
        } as Patron),
      );
    },
    staff: async (...roles: StaffRole[]) => {
      const member = await save((em) =>
        em.create(StaffMember, {
          id: uuid(),
          library,
          login: `staff${next()}`,
          name: 'Someone at the desk',
          roles,
          passwordHash: '-',
          active: true,
          createdAt: at,
        }),
      );
      return { ...member, token: await sign('staff', member.id) };
    },
    title: (given: Given<Title> = {}) => {
      const name = given.title ?? `Title ${next()}`;
      return save((em) =>
        em.create(Title, {
          id: uuid(),
          library,
          controlNumber: `c${next()}`,
          kind: 'book',
          title: name,
          isbns: [],
          issns: [],
          searchText: name.toLowerCase(),
          createdAt: at,
          ...given,
        } as Title),
      );
    },
    item: (titleId: string, given: Given<Item> = {}) =>
      save((em) =>
        em.create(Item, {
          id: uuid(),
          library,
          titleId,
          barcode: `b${next()}`,
          branch: 'main',
          forLoan: true,
          state: 'available',
          stateSince: at,
          atBranch: given.branch ?? 'main',
          createdAt: at,
          ...given,
        } as Item),
      ),
    block: (patronId: string) =>
      save((em) =>
        em.create(Block, { id: uuid(), patronId, reason: 'manual', placedBy: 'system', placedAt: at }),
      ),
  };
}

export type Builders = ReturnType<typeof createBuilders>;
