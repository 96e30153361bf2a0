import type { MikroORM } from '@mikro-orm/postgresql';
import { v7 as uuid } from 'uuid';
import { Application, ApplicationForm, Remark } from '../../db/entities/index.ts';
import { emailKey, nameKeys, phoneKey } from '../../domain/person-keys.ts';

let serial = 0;

type Given = Partial<ApplicationForm> & { readonly procedure: string };

/** Puts what the API would have written into the database: forms, remarks; and reads what became of it. */
export function createApplications(orm: MikroORM, library: string) {
  const save = async <T extends object>(make: (em: MikroORM['em']) => T): Promise<T> => {
    const em = orm.em.fork();
    const row = make(em);
    await em.flush();
    return row;
  };
  const form = (given: Given) => {
    const n = String((serial += 1)).padStart(4, '0');
    const email = given.email ?? `applicant${n}@example.org`;
    const name = given.name ?? `Applicant ${n}`;
    const phone = given.phone ?? null;
    const row = {
      applicationId: uuid(),
      version: 1,
      library,
      patronId: null,
      language: 'en',
      birthDate: null,
      login: null,
      passwordHash: '$argon2id$stub',
      details: {},
      answer: null,
      identityProvider: null,
      identitySubject: null,
      emailTrusted: false,
      submittedAt: new Date(),
      nameKeys: nameKeys(name),
      emailKey: emailKey(email),
      phoneKey: phoneKey(phone),
      ...given,
      name,
      email,
      phone,
    };
    return save((em) => em.create(ApplicationForm, row as ApplicationForm));
  };
  return {
    form,
    /** The next version of what was submitted, with these changes. */
    next: async (applicationId: string, changes: Partial<ApplicationForm> = {}) => {
      const em = orm.em.fork();
      const [latest] = await em.find(ApplicationForm, { applicationId }, { orderBy: { version: 'desc' } });
      if (!latest) throw new Error('There is no form.');
      return form({ ...latest, ...changes, version: latest.version + 1 });
    },
    remark: (text: string) =>
      save((em) => em.create(Remark, { id: uuid(), library, author: uuid(), text, createdAt: new Date() })),
    find: (id: string) => orm.em.fork().findOne(Application, { id }),
    forms: (applicationId: string) =>
      orm.em.fork().find(ApplicationForm, { applicationId }, { orderBy: { version: 'asc' } }),
  };
}

export type Applications = ReturnType<typeof createApplications>;
