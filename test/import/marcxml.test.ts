import { createReadStream } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { readMarc } from '../../import/marc.ts';
import {
  bookLeader,
  collect,
  collection,
  dazai,
  iso2709,
  marcxml,
  pieces,
  someBook,
} from './marc-builder.ts';

function read(text: Uint8Array | string, size?: number) {
  return collect(readMarc(pieces(text, size), 'marcxml'));
}

function readFixture(name: string) {
  return collect(readMarc(createReadStream(`test/fixtures/marc/${name}`), 'marcxml'));
}

test('MARCXML and ISO 2709 of the same records give the same', async () => {
  const drafts = [{ fields: someBook }, { fields: dazai }];
  const iso = await collect(readMarc(pieces(Buffer.concat(drafts.map(iso2709))), 'marc21'));
  for (const prefix of ['', 'marc:'])
    expect(await read(collection(...drafts.map((draft) => marcxml(draft, prefix))))).toEqual(iso);
});

test('records are found however the stream is cut', async () => {
  const text = collection(marcxml({ fields: someBook }), marcxml({ fields: dazai }, 'm:'));
  const whole = await read(text);
  expect(whole).toHaveLength(2);
  for (const size of [1, 2, 7, 64, 500]) expect(await read(text, size)).toEqual(whole);
});

test('a record on its own, without a collection, is a file', async () => {
  expect(await read(marcxml({ fields: dazai }))).toMatchObject([{ ok: { title: '人間失格' } }]);
});

test('entities, character references and CDATA are read; records that are wrong are rejected one by one', async () => {
  const outcomes = await readFixture('mixed.xml');
  expect(outcomes.map((outcome) => ('ok' in outcome ? outcome.ok.title : outcome.rejected.reasons))).toEqual([
    'Krieg & Frieden <1812> 𠮷野家',
    [expect.stringMatching(/^it is not well-formed XML: /u)],
    [expect.stringMatching(/^it is not well-formed XML: .*entity/u)],
    ['the record is not closed before the next begins'],
    ['a field has no tag'],
    ['there is no title (245)'],
    '還有一本',
  ]);
  expect(outcomes[5]).toMatchObject({ rejected: { position: 6, controlNumber: 'm6' } });
  const raw = outcomes[2] && 'rejected' in outcomes[2] ? outcomes[2].rejected.raw : undefined;
  expect(Buffer.from(raw ?? []).toString()).toMatch(/^<marc:record>[^]*&unknown;[^]*<\/marc:record>$/u);
});

describe('a file that is refused whole', () => {
  const cases: [string, string, RegExp][] = [
    ['an external entity (XXE)', 'dtd-external.xml', /document type definition/u],
    ['entities within entities', 'dtd-laughs.xml', /document type definition/u],
  ];
  test.each(cases)('%s', async (_, name, message) => {
    await expect(readFixture(name)).rejects.toThrow(message);
  });

  const one = marcxml({ fields: someBook });
  const texts: [string, Uint8Array | string, RegExp][] = [
    ['a DTD behind records', `${collection(one)}<!DOCTYPE x [<!ENTITY y "z">]>`, /document type definition/u],
    ['an entity behind records', `${collection(one)}<!ENTITY y "z">`, /document type definition/u],
    ['UTF-16', Buffer.from(`\uFEFF${collection(one)}`, 'utf16le'), /UTF-16/u],
    ['another encoding', collection(one).replace('UTF-8', 'Shift_JIS'), /Shift_JIS/u],
    ['ISO 2709', iso2709({ fields: someBook }), /not XML/u],
    ['nothing', '', /not XML/u],
  ];
  test.each(texts)('%s', async (_, text, message) => {
    await expect(read(text)).rejects.toThrow(message);
    await expect(read(text, 5)).rejects.toThrow(message);
  });
});

test('a DTD hidden within a record spoils that record only, and expands nothing', async () => {
  const bad = `<record><leader>${bookLeader}</leader><!DOCTYPE r [<!ENTITY y "z">]><controlfield tag="001">&y;</controlfield></record>`;
  const outcomes = await read(collection(bad, marcxml({ fields: someBook })));
  expect(outcomes).toMatchObject([{ rejected: { position: 1 } }, { ok: { controlNumber: 'b1' } }]);
});

test('bytes that are not UTF-8 reject one record', async () => {
  const [before = '', after = ''] = collection(
    marcxml({ fields: someBook }),
    marcxml({ fields: dazai }),
  ).split('Ningen shikkaku /', 2);
  const rest = collection(marcxml({ fields: dazai }));
  const bytes = Buffer.concat([
    Buffer.from(before),
    Buffer.from([0xe9, 0x2e]),
    Buffer.from(after),
    Buffer.from(rest),
  ]);
  const [first] = await read(bytes);
  expect(first).toMatchObject({ rejected: { reasons: ['the record is not valid UTF-8'] } });
});

test('a record that never ends is not kept, and the next one is read', async () => {
  const endless = `<record><leader>${'x'.repeat(3 * 1024 * 1024)}`;
  const outcomes = await read(collection(marcxml({ fields: dazai }), endless, marcxml({ fields: someBook })));
  expect(outcomes).toMatchObject([
    { ok: { controlNumber: 'b2' } },
    { rejected: { reasons: ['the record is longer than 1 MiB'] } },
    { ok: { controlNumber: 'b1' } },
  ]);
});

test('a file that ends within a record', async () => {
  const outcomes = await read(
    collection(marcxml({ fields: dazai }), marcxml({ fields: someBook })).slice(0, -40),
  );
  expect(outcomes).toMatchObject([
    { ok: { controlNumber: 'b2' } },
    { rejected: { position: 2, reasons: ['the file ends before the record does'] } },
  ]);
});
