import { createReadStream, existsSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { readMarc } from '../../import/marc.ts';
import { collect, dazai, iso2709, pieces, someBook } from './marc-builder.ts';

const realRecords = '../shared/data/marc/blacklight-30.mrc';

function read(bytes: Uint8Array, size?: number) {
  return collect(readMarc(pieces(bytes, size), 'marc21'));
}

/** A record with something wrong, between two that are right. */
async function readBetweenGoodOnes(bad: Uint8Array) {
  const last = iso2709({ fields: [['001', 'last'], ...someBook.slice(1)] });
  const [first, middle, end] = await read(Buffer.concat([iso2709({ fields: someBook }), bad, last]));
  expect(first).toMatchObject({ ok: { controlNumber: 'b1' } });
  expect(end).toMatchObject({ ok: { controlNumber: 'last' }, position: 3 });
  return middle;
}

function changed(change: (record: Buffer) => void): Buffer {
  const record = iso2709({ fields: [['001', 'bad'], ...someBook.slice(1)] });
  change(record);
  return record;
}

test('a record in two scripts shows the original one and is found by both', async () => {
  const [outcome] = await read(iso2709({ fields: dazai }));
  expect(outcome).toEqual({
    position: 1,
    ok: {
      controlNumber: 'b2',
      kind: 'book',
      title: '人間失格',
      titleRomanised: 'Ningen shikkaku',
      sortKey: '人間失格',
      author: '太宰治',
      publisher: '新潮社',
      published: '1952',
      language: 'ja',
      isbns: ['9784101006055', '4101006059'],
      issns: [],
      searchText: '人間失格 ningen shikkaku 太宰治 dazai osamu 新潮社',
    },
  });
});

test('characters of four bytes count as four bytes', async () => {
  const fields = [
    ...someBook.slice(0, 2),
    ['245', '00', 'a', '𠮷野家の経済学', 'c', '𩸽 著'],
    ['260', '  ', 'b', '日経'],
  ] as const;
  const [outcome] = await read(iso2709({ fields }));
  expect(outcome).toMatchObject({ ok: { title: '𠮷野家の経済学', publisher: '日経' } });
});

test('records are found however the stream is cut, and with line ends between them', async () => {
  const bytes = Buffer.concat([
    Buffer.from('\uFEFF'),
    iso2709({ fields: someBook }),
    Buffer.from('\r\n'),
    iso2709({ fields: dazai }),
    Buffer.from('\n\u001A'),
  ]);
  const whole = await read(bytes);
  expect(whole).toHaveLength(2);
  const size = fc.integer({ min: 1, max: bytes.length });
  await fc.assert(
    fc.asyncProperty(size, async (n) => expect(await read(bytes, n)).toEqual(whole)),
    { numRuns: 30 },
  );
});

describe('a record that cannot be read is rejected with its reasons, and the next one is read', () => {
  const cases: [string, Uint8Array, unknown[]][] = [
    ['text', Buffer.from('no record\u001D'), ['the record is shorter than a leader']],
    [
      'a wrong length',
      changed((record) => record.write('00099', 0)),
      [expect.stringMatching(/^the leader says 00099 bytes, the record has \d+$/u)],
    ],
    [
      'a leader of letters',
      changed((record) => record.write('abcdexxxxxxxyyzzzzz', 0)),
      [
        expect.stringContaining('the leader says abcde bytes'),
        'the leader does not state two indicators and subfield codes of one character',
        'the leader does not point to the end of the directory',
      ],
    ],
    [
      'a base address elsewhere',
      changed((record) => record.write('00030', 12)),
      ['the leader does not point to the end of the directory'],
    ],
    [
      'a directory entry behind the end',
      changed((record) => record.write('99999', 24 + 12 + 7)),
      ['field 008 lies outside the record'],
    ],
    [
      'two wrong directory entries',
      changed((record) => {
        record.write('0003', 24 + 3);
        record.write('0x10', 24 + 24 + 3);
      }),
      ['field 001 does not end where the directory says', 'field 245 lies outside the record'],
    ],
    [
      'bytes that are not UTF-8',
      changed((record) => record.fill(0xe9, record.length - 6, record.length - 4)),
      ['the record is not valid UTF-8'],
    ],
    [
      'MARC-8',
      changed((record) => {
        record.write(' ', 9);
        record.fill(0xe9, record.length - 6, record.length - 4);
      }),
      ['the record is in another encoding than UTF-8 (MARC-8?); export it as UTF-8'],
    ],
  ];
  test.each(cases)('%s', async (_, bytes, reasons) => {
    expect(await readBetweenGoodOnes(bytes)).toEqual({
      rejected: { position: 2, reasons, raw: Buffer.from(bytes) },
    });
  });

  test('a record that says nothing of use: all reasons at once', async () => {
    const bytes = iso2709({ leader: '00000nz  a2200000 a 4500', fields: [['003', 'XX']] });
    expect(await readBetweenGoodOnes(bytes)).toMatchObject({
      rejected: {
        reasons: [
          'there is no control number (001)',
          'it describes no title (leader/06)',
          'there is no title (245)',
        ],
      },
    });
  });

  test('a second record with the same control number', async () => {
    expect(await readBetweenGoodOnes(iso2709({ fields: someBook }))).toMatchObject({
      rejected: { controlNumber: 'b1', reasons: ['record 1 of this file has the same control number'] },
    });
  });

  test('an endless one, without keeping it', async () => {
    const endless = Buffer.concat([Buffer.alloc(5 * 1024 * 1024, 'x'), Buffer.from('\u001D')]);
    const outcome = await readBetweenGoodOnes(endless);
    expect(outcome).toMatchObject({ rejected: { reasons: ['the record is longer than 1 MiB'] } });
    expect(outcome && 'rejected' in outcome && outcome.rejected.raw?.length).toBeLessThan(1024 * 1024);
  });

  test('one at whose middle the file ends', async () => {
    const outcomes = await read(
      Buffer.concat([iso2709({ fields: someBook }), iso2709({ fields: dazai }).subarray(0, 200)]),
    );
    expect(outcomes).toMatchObject([
      { ok: { controlNumber: 'b1' } },
      { rejected: { position: 2, reasons: ['the file ends before the record does'] } },
    ]);
  });
});

test('no more of a file is read than is asked for', async () => {
  let given = 0;
  async function* endless() {
    for (;;) {
      given += 1;
      yield iso2709({ fields: [['001', String(given)], ...someBook.slice(1)] });
    }
  }
  for await (const outcome of readMarc(endless(), 'marc21'))
    if ('ok' in outcome && outcome.position === 5) break;
  expect(given).toBeLessThan(7);
});

async function readRealRecords() {
  const outcomes = await collect(readMarc(createReadStream(realRecords), 'marc21'));
  expect(outcomes.filter((outcome) => 'ok' in outcome)).toHaveLength(30);
  const byNumber = new Map(
    outcomes.flatMap((outcome) => ('ok' in outcome ? [[outcome.ok.controlNumber, outcome.ok]] : [])),
  );
  expect(byNumber.get('2008543486')).toMatchObject({
    title: '久保栄「火山灰地」を読む',
    titleRomanised: "Kubo Sakae 'Kazanbaichi' o yomu",
    author: '吉田一',
    publisher: '法政大学出版局',
    language: 'ja',
    isbns: ['9784588460050', '4588460056'],
  });
  expect(byNumber.get('2003546302')).toMatchObject({ title: 'الحرب في الألفية الثالثة', language: 'ar' });
  expect(byNumber.get('86207417')?.title).toMatch(/^שודדי־ים יהודיים : /u);
}

const testRealRecords = existsSync(realRecords) ? test : test.skip;
testRealRecords(
  `30 real records in many scripts (${realRecords}, skipped where it is absent)`,
  readRealRecords,
);
