import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { v7 as uuid } from 'uuid';
import { Application, ApplicationForm, EmailConfirmation } from '../../db/entities/index.ts';
import { applicationSecret } from '../../domain/application-link.ts';
import { emailLinkSecret } from '../../domain/email-link.ts';
import { startEdge } from './edge.ts';
import type { Answered, Edge } from './edge.ts';

let edge: Edge;
beforeAll(async () => {
  edge = await startEdge();
  edge.engine.answer = (name) => {
    const given = edge.engine.asked.at(-1)?.given as unknown[] | undefined;
    if (name === 'run') return { outcome: 'done', result: given?.[1] };
    return { outcome: 'done', result: { standing: { state: 'confirming', deliver: [], ended: false } } };
  };
});
afterAll(() => edge.stop());

const password = 'correct horse battery';
let serial = 0;
const somewhere = () => `203.0.${113 + Math.floor(serial / 250)}.${(serial += 1) % 250}`;

interface Visit {
  readonly answer: unknown;
  readonly ms: number;
}

const uuids = /[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}/g;

/** What somebody can see of an answer, but for what was in the request and new ids. */
const seen = ({ status, headers, body }: Answered, own: readonly string[]) => {
  const whole = JSON.stringify({ ...body, instance: '' }).replaceAll(uuids, '…');
  const text = own.reduce((all, each) => all.replaceAll(each, '…'), whole);
  const names = [...headers.keys()].filter((name) => !name.startsWith('ratelimit')).toSorted();
  return { status, names, text, length: text.length };
};

async function timed(own: readonly string[], ask: () => Promise<Answered>): Promise<Visit> {
  const began = performance.now();
  const answered = await ask();
  return { ms: performance.now() - began, answer: seen(answered, own) };
}

/**
 * Asks in turn, and compares the quickest answers to each kind: what answering takes, and not what else the machine does meanwhile. As long as they differ by `alike` times or more it asks
 * on, up to four times as often: what is really quicker stays so.
 */
async function compare(
  { rounds, alike }: { readonly rounds: number; readonly alike: number },
  kinds: Readonly<Record<string, () => Promise<Visit>>>,
) {
  const answers = new Set<string>();
  const quickest = new Map<string, number>();
  const ratio = () => Math.max(...quickest.values()) / Math.min(...quickest.values());
  for (let round = 0; round < rounds || (ratio() >= alike && round < 4 * rounds); round += 1)
    for (const [kind, ask] of Object.entries(kinds)) {
      const { answer, ms } = await ask();
      answers.add(JSON.stringify(answer));
      quickest.set(kind, Math.min(ms, quickest.get(kind) ?? ms));
    }
  return { answers, quickest: Math.min(...quickest.values()), ratio: ratio() };
}

const form = (given: object = {}) => {
  serial += 1;
  const email = `stranger${serial}@example.org`;
  return { name: 'Anna Müller', birthDate: '1990-01-31', email, password: 'lantern orchard 7', ...given };
};

const apply = (fields: { readonly email: string }) =>
  timed([fields.email], () =>
    edge.call('POST', '/v1/applications', {
      body: { library: 'demo', procedure: 'web', fields },
      headers: { 'idempotency-key': uuid() },
      from: somewhere(),
    }),
  );

const link = () => ({ id: uuid(), createdAt: new Date(edge.clock.now), library: 'demo' });

async function openApplication(state: Application['state'] = 'confirming') {
  const { email, name } = form();
  const em = edge.orm.em.fork();
  const { id, library, createdAt: submittedAt } = link();
  const same = { library, procedure: 'web', version: 1, language: 'en', submittedAt } as const;
  em.create(Application, { id, state, ...same, lapsesAt: new Date(edge.clock.now + 3_600_000) });
  em.create(ApplicationForm, { applicationId: id, name, email, emailKey: email, ...same });
  await em.flush();
  return { id, email };
}

describe('A2 applying tells nobody who is known', () => {
  test('A2 a new address, a reader’s, one with an open application and one with too many forms: the same answer, after the same time', async () => {
    const known = await edge.build.patron();
    const { email: applied } = await openApplication();
    const crowded = form().email;
    await Promise.all(Array.from({ length: 10 }, () => apply(form({ email: crowded }))));
    const found = await compare(
      { rounds: 3, alike: 1.5 },
      {
        nobody: () => apply(form()),
        reader: () => apply(form({ email: known.email })),
        namesake: () => apply(form({ name: known.name.replaceAll(/\d/g, '').trim() })),
        applicant: () => apply(form({ email: applied })),
        crowded: () => apply(form({ email: crowded })),
      },
    );
    expect([...found.answers]).toHaveLength(1);
    expect(found.quickest).toBeGreaterThan(590);
    expect(found.ratio).toBeLessThan(1.5);
  }, 60_000);

  test('A2 an application that exists and one that does not answer a wrong secret alike', async () => {
    const { id } = await openApplication();
    const nothing = uuid();
    const right = applicationSecret(edge.deps.config.secret, { to: 'access', applicationId: nothing });
    const ask = (which: string, secret: string) => () =>
      timed([which], () =>
        edge.call('GET', `/v1/applications/${which}`, { headers: { 'application-secret': secret } }),
      );
    const found = await compare(
      { rounds: 15, alike: 3 },
      {
        there: ask(id, 'A'.repeat(43)),
        nowhere: ask(nothing, 'A'.repeat(43)),
        without: ask(id, 'x'),
      },
    );
    expect([...found.answers]).toHaveLength(1);
    expect(found.ratio).toBeLessThan(3);
    expect((await ask(nothing, right)()).answer).toEqual((await ask(id, 'x')()).answer);
    const own = applicationSecret(edge.deps.config.secret, { to: 'access', applicationId: id });
    expect((await ask(id, own)()).answer).toMatchObject({ status: 200 });
  });
});

describe('A11 changing an address tells nobody whose it is', () => {
  test('A11 another reader’s address, an applicant’s and nobody’s: the same answer, after the same time', async () => {
    const other = await edge.build.patron();
    const { email: applied } = await openApplication();
    const give = (address: () => string) => async () => {
      const reader = await edge.patron();
      await edge.setPassword(reader.id, password);
      const { token } = reader;
      const email = address();
      const key = uuid();
      return timed([email, key], () =>
        edge.call('POST', '/v1/me/email-confirmations', {
          token,
          body: { email, password },
          headers: { 'idempotency-key': key },
        }),
      );
    };
    const found = await compare(
      { rounds: 7, alike: 3 },
      {
        nobody: give(() => form().email),
        reader: give(() => other.email ?? ''),
        applicant: give(() => applied),
      },
    );
    expect([...found.answers].map((each) => JSON.parse(each).status)).toEqual([201]);
    expect(found.ratio).toBeLessThan(3);
  });

  test('A11 a link that never was, one with another’s secret and a wrong secret: the same answer, after the same time', async () => {
    const { id: patronId } = await edge.build.patron();
    const { id, library, createdAt } = link();
    await edge.orm.em.fork().insert(EmailConfirmation, {
      id,
      library,
      subjectType: 'patron',
      subjectId: patronId,
      address: 'new@example.org',
      purpose: 'set',
      requestedBy: `patron:${patronId}`,
      createdAt,
      expiresAt: new Date(edge.clock.now + 3_600_000),
    });
    const { secret: key } = edge.deps.config;
    const open = (which: string, secret: string) => () =>
      timed([which], () => edge.call('POST', `/v1/email-confirmations/${which}`, { body: { secret } }));
    const nowhere = uuid();
    const found = await compare(
      { rounds: 15, alike: 3 },
      {
        wrong: open(id, 'A'.repeat(43)),
        another: open(id, emailLinkSecret(key, nowhere)),
        nowhere: open(nowhere, 'A'.repeat(43)),
      },
    );
    expect([...found.answers]).toHaveLength(1);
    expect(found.ratio).toBeLessThan(3);
    expect((await open(nowhere, emailLinkSecret(key, nowhere))()).answer).toEqual(
      (await open(id, 'x')()).answer,
    );
    expect((await open(id, emailLinkSecret(key, id))()).answer).toMatchObject({ status: 200 });
  });
});
