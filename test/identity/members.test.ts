import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { hashPassword } from '../../api/auth/passwords.ts';
import { readMembers } from '../../api/identity/members.ts';
import { identityPolicy } from '../../domain/policy-identity.ts';
import { startEdge } from '../api/edge.ts';
import type { Edge } from '../api/edge.ts';

const name = { ja: '名簿', zh: '名册', de: 'Liste', en: 'List' };
let edge: Edge;
let folder: string;
let hash: string;
let written = 0;

/** Each writing has a time of its own, however coarse the file system's clock. */
function write(file: string, text: string) {
  const path = join(folder, file);
  writeFileSync(path, text);
  written += 1;
  utimesSync(path, new Date(), new Date(1_700_000_000_000 + written * 1000));
}

const csv = (...rows: string[]) => ['number,name,email,secret', ...rows].join('\n');

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'carrel-members-'));
  hash = await hashPassword('open sesame');
  const list = { kind: 'members', name, emailDomains: ['campus.example'] };
  const identity = identityPolicy.parse({
    providers: [
      { ...list, code: 'campus', file: 'list.csv' },
      { ...list, code: 'other', file: 'list.yaml' },
      { ...list, code: 'gone', file: 'gone.csv' },
    ],
  });
  write('list.csv', csv(`0012,Anna,anna@campus.example,"${hash}"`, `0013,Ben,ben@else.example,"${hash}"`));
  write('list.yaml', JSON.stringify([{ number: '77', name: 'Cem', secret: hash }]));
  edge = await startEdge({ change: (policy) => ({ ...policy, identity }), config: { members: folder } });
});
afterAll(async () => {
  await edge?.stop();
  rmSync(folder, { recursive: true });
});

const begin = (provider: string) =>
  edge.call('POST', '/v1/identity-verifications', { body: { library: 'demo', provider } });

async function verify(provider: string, number: string, password: string, from = '10.1.1.1') {
  const { body } = await begin(provider);
  const path = `/v1/identity-verifications/${body.id}/completion`;
  return edge.call('POST', path, { body: { secret: body.secret, number, password }, from });
}

test('A1 a member of the list is verified by number and secret; an address of another domain is not believed', async () => {
  expect((await verify('campus', '０012 ', 'open sesame')).body).toMatchObject({
    number: '0012',
    name: 'Anna',
    email: 'anna@campus.example',
    emailTrusted: true,
  });
  expect((await verify('campus', '0013', 'open sesame')).body).toMatchObject({ emailTrusted: false });
  expect((await verify('other', '77', 'open sesame')).body).toMatchObject({ number: '77', email: null });
});

test('A1 a wrong secret and an unknown number are answered alike; a mistyped secret can be given again', async () => {
  const begun = (await begin('campus')).body;
  const path = `/v1/identity-verifications/${begun.id}/completion`;
  const give = (number: string, password: string) =>
    edge.call('POST', path, { body: { secret: begun.secret, number, password }, from: '10.1.1.2' });
  const [wrong, unknown] = [await give('0012', 'wrong'), await give('9999', 'wrong')];
  expect([wrong.status, wrong.body.code]).toEqual([401, 'identity-failed']);
  expect({ ...unknown.body, instance: '' }).toEqual({ ...wrong.body, instance: '' });
  expect((await give('0012', 'open sesame')).status).toBe(200);
});

test('A10 secrets cannot be guessed: a number is locked after five failures, known or not', async () => {
  for (const number of ['0013', '4711']) {
    const codes: string[] = [];
    for (let count = 0; count < 6; count += 1)
      codes.push((await verify('campus', number, 'wrong', `10.2.0.${count}`)).body.code);
    expect(codes).toEqual([...Array.from({ length: 5 }, () => 'identity-failed'), 'too-many-attempts']);
  }
  expect((await verify('campus', '0013', 'open sesame')).body.code).toBe('too-many-attempts');
  expect((await verify('campus', '0012', 'open sesame')).status).toBe(200);
});

test('A1 the list is read again when it changes; one that became unreadable leaves it as it was', async () => {
  write('list.csv', csv(`0012,Anna,,"${hash}"`, `0014,Dora,,"${hash}"`));
  expect((await verify('campus', '0014', 'open sesame')).body).toMatchObject({ name: 'Dora' });
  write('list.csv', csv('0012,Anna,,plain text'));
  expect((await verify('campus', '0014', 'open sesame')).status).toBe(200);
  expect(edge.logged.join('\n')).not.toContain('plain text');
  write('list.csv', csv(`0012,Anna,,"${hash}"`));
  expect((await verify('campus', '0014', 'open sesame')).body.code).toBe('identity-failed');
});

test('A1 a list that is not there is an outage, not a refusal', async () => {
  expect((await begin('gone')).body.code).toBe('identity-unavailable');
});

test('A1 mistakes in a list are told by row, and never repeat what is in it', () => {
  expect(() => readMembers('a.csv', csv('1,A,,hunter2'))).toThrow(
    /^Member 0\.secret: is not an argon2id hash$/,
  );
  expect(() => readMembers('a.csv', csv(`1,A,,"${hash}"`, `１,B,,"${hash}"`))).toThrow('stated twice');
});
