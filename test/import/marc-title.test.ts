import { describe, expect, test } from '@jest/globals';
import { toCatalogueRecord } from '../../import/marc-title.ts';
import type { MarcField, MarcRecord } from '../../import/marc-record.ts';
import { bookLeader, type Field } from './marc-builder.ts';

function toField([tag, first = '', ...rest]: Field): MarcField {
  if (tag.startsWith('00')) return { tag, value: first, indicators: '', subfields: [] };
  const subfields = Array.from(
    { length: rest.length / 2 },
    (_, at) => [rest[2 * at] ?? '', rest[2 * at + 1] ?? ''] as const,
  );
  return { tag, indicators: first, subfields };
}

function describeRecord(fields: readonly Field[], leader = bookLeader) {
  const all: Field[] = [['001', 'x'], ...fields];
  if (!fields.some(([tag]) => tag === '245')) all.push(['245', '00', 'a', 'Some title']);
  const record: MarcRecord = { leader, fields: all.map(toField) };
  const described = toCatalogueRecord(record);
  if (!('ok' in described)) throw new Error(described.reasons.join('; '));
  return described.ok;
}

function typeOfSerial(type: string): Field {
  return ['008', `260101c20269999ja mr ${type}       0   a0jpn  `.padEnd(40)];
}

describe('kind', () => {
  const cases: [string, string, Field[], string][] = [
    ['printed text', 'am', [], 'book'],
    ['printed music', 'cm', [], 'book'],
    ['a periodical', 'as', [typeOfSerial('p')], 'magazine'],
    ['a newspaper', 'as', [typeOfSerial('n')], 'magazine'],
    ['a series of books', 'as', [typeOfSerial('m')], 'book'],
    ['a film', 'gm', [], 'audiovisual'],
    ['an audio book', 'im', [], 'audiovisual'],
    ['a music disc', 'jm', [], 'audiovisual'],
    ['a DVD-ROM', 'mm', [], 'audiovisual'],
    ['a kit with a video', 'om', [['007', 'vd cvaizq']], 'audiovisual'],
    ['a book with a disc', 'am', [['007', 'sd fsngnn|||||']], 'book'],
    ['a map', 'em', [['007', 'aj canzn']], 'book'],
  ];
  test.each(cases)('%s', (_, type, fields, kind) => {
    expect(describeRecord(fields, `00000n${type} a2200000 a 4500`).kind).toBe(kind);
  });
});

describe('title', () => {
  const cases: [string, Field, string, string][] = [
    [
      'other title and part',
      ['245', '00', 'a', 'Faust :', 'b', 'eine Tragödie.', 'n', '1. Teil /', 'c', 'Goethe.'],
      'Faust : eine Tragödie. 1. Teil',
      'faust eine tragodie 1 teil',
    ],
    [
      'article by indicator',
      ['245', '14', 'a', 'Die Verwandlung /', 'c', 'Kafka.'],
      'Die Verwandlung',
      'verwandlung',
    ],
    [
      'article by non-sorting marks',
      ['245', '10', 'a', '\u0098Der\u009C Zauberberg'],
      'Der Zauberberg',
      'zauberberg',
    ],
    [
      'initials keep their stop',
      ['245', '10', 'a', 'Biography of J. R.'],
      'Biography of J. R.',
      'biography of j r',
    ],
    [
      'medium left out',
      ['245', '00', 'a', 'Metropolis', 'h', '[Videorecording] /'],
      'Metropolis',
      'metropolis',
    ],
    [
      'Japanese punctuation',
      ['245', '00', 'a', '吾輩は猫である ／', 'c', '夏目漱石．'],
      '吾輩は猫である',
      '吾輩は猫である',
    ],
    ['direction marks', ['245', '00', 'a', '\u200Fنقدى :\u200F'], 'نقدى', 'نقدى'],
  ];
  test.each(cases)('%s', (_, field, title, sortKey) => {
    expect(describeRecord([field])).toMatchObject({ title, sortKey });
  });

  test('the original stands in 245 and the reading in 880, as Japanese national records have it', () => {
    const { title, titleRomanised, searchText } = describeRecord([
      ['245', '00', '6', '880-01', 'a', '坊っちゃん'],
      ['880', '00', '6', '245-01/(B', 'a', 'Botchan'],
    ]);
    expect({ title, titleRomanised }).toEqual({ title: '坊っちゃん', titleRomanised: 'Botchan' });
    expect(searchText).toBe('坊っちゃん botchan');
  });

  test('a reading in kana is searched but not shown', () => {
    const { title, titleRomanised, searchText } = describeRecord([
      ['245', '00', '6', '880-01', 'a', '坊っちゃん'],
      ['880', '00', '6', '245-01/$1', 'a', 'ボッチャン'],
    ]);
    expect({ title, titleRomanised }).toEqual({ title: '坊っちゃん', titleRomanised: null });
    expect(searchText).toBe('坊っちゃん ぼっちゃん');
  });

  test('a long title is cut between characters', () => {
    const { title, sortKey } = describeRecord([['245', '00', 'a', `a${'𠮷'.repeat(3000)}`]]);
    expect(title.isWellFormed() && sortKey.isWellFormed()).toBe(true);
    expect(title.length).toBeLessThanOrEqual(2000);
    expect(sortKey.length).toBeLessThanOrEqual(100);
  });
});

test('names: main entry first, then others, without works, dates and roles', () => {
  const { author, searchText } = describeRecord([
    ['700', '1 ', 'a', 'Lem, Stanisław,', 'd', '1921-2006,', 'e', 'author.'],
    ['100', '1 ', 'a', 'King, Martin Luther,', 'c', 'Jr.,', 'd', '1929-1968.'],
    ['700', '12', 'a', 'Somebody.', 't', 'A work of theirs.'],
  ]);
  expect(author).toBe('King, Martin Luther, Jr; Lem, Stanisław');
  expect(searchText).toContain('lem stanislaw');
});

describe('publication', () => {
  const cases: [string, Field[], Record<string, unknown>][] = [
    [
      '264 of the publication, not of the print',
      [
        ['264', ' 3', 'b', 'Printer,', 'c', '1999.'],
        ['264', ' 1', 'b', 'Suhrkamp,', 'c', '[1998]'],
      ],
      { publisher: 'Suhrkamp', published: '[1998]' },
    ],
    [
      'a bracket closed elsewhere',
      [['260', '  ', 'a', '[Moskva],', 'b', 'Ogiz,', 'c', '1941]']],
      { publisher: 'Ogiz', published: '1941' },
    ],
    [
      'the year of 008',
      [['008', '260101s1948    gw            000 0 ger  ']],
      { publisher: null, published: '1948', language: 'de' },
    ],
    ['nothing', [['008', '260101nuuuu    gw            000 0 und  ']], { published: null, language: null }],
    ['language of 041', [['041', '0 ', 'a', 'chi', 'h', 'eng']], { language: 'zh' }],
    ['a language without two letters', [['041', '0 ', 'a', 'ain']], { language: 'ain' }],
  ];
  test.each(cases)('%s', (_, fields, expected) => {
    expect(describeRecord(fields)).toMatchObject(expected);
  });
});

test('standard numbers in both forms, wrong ones left out', () => {
  const { isbns, issns } = describeRecord([
    ['020', '  ', 'a', '3-518-36854-0 (kart.)', 'c', 'DM 9.80'],
    ['020', '  ', 'a', '978-3-518-36854-1'],
    ['020', '  ', 'a', '9791032102244'],
    ['020', '  ', 'a', '3-518-36854-9'],
    ['022', '  ', 'a', '0031-9015'],
    ['022', '  ', 'a', '0031-9016'],
  ]);
  expect(isbns).toEqual(['9783518368541', '3518368540', '9791032102244']);
  expect(issns).toEqual(['0031-9015']);
});
