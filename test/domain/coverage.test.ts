import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { covers } from '../../domain/coverage.ts';
import { coverageOfText } from '../../domain/coverage-text.ts';
import { keysOfHolding, matchOf } from '../../domain/work-keys.ts';
import { day } from './fixtures.ts';

const today = day('2026-11-22');
const run = { from: { date: '1998', volume: '1' }, to: { date: '2017-12', volume: '20' } };

describe('I10 what of a serial is there', () => {
  test('I10 years and volumes within the run fit, others are missing, and nobody knows without a year', () => {
    expect(covers([run], { year: '2003' }, today)).toBe('fits');
    expect(covers([run], { year: 'Mai 2003', volume: 'Bd. 6' }, today)).toBe('fits');
    expect(covers([run], { year: '1997' }, today)).toBe('missing');
    expect(covers([run], { year: '2003', volume: '21' }, today)).toBe('missing');
    expect(covers([run], {}, today)).toBe('unknown');
    expect(covers(null, { year: '2003' }, today)).toBe('unknown');
    expect(covers([run, { from: { date: '2019' } }], { year: '2020' }, today)).toBe('fits');
  });

  test('I10 an embargo moves with the day', () => {
    const open = { from: { date: '1990' }, embargo: 'P2Y' };
    expect(covers([open], { year: '2023' }, today)).toBe('fits');
    expect(covers([open], { year: '2025' }, today)).toBe('missing');
    expect(covers([open], { year: '2025' }, day('2028-01-01'))).toBe('fits');
    const recent = { embargo: 'R10Y;P30D' };
    expect(covers([recent], { year: '2010' }, today)).toBe('missing');
    expect(covers([recent], { year: '2020' }, today)).toBe('fits');
  });

  test('I10 runs are read as cataloguers write them', () => {
    const of = (text: string) => coverageOfText(text);
    expect(of('v.1(1998)-v.20(2017)')).toEqual([
      { from: { date: '1998', volume: '1' }, to: { date: '2017', volume: '20' } },
    ]);
    expect(of('1.1950 - 10.1959; 12.1961 -')).toEqual([
      { from: { date: '1950', volume: '1' }, to: { date: '1959', volume: '10' } },
      { from: { date: '1961', volume: '12' } },
    ]);
    expect(of('v.1-25 (1990-2014)')).toEqual([
      { from: { date: '1990', volume: '1' }, to: { date: '2014', volume: '25' } },
    ]);
    expect(of('1990–1995, 1998-')).toEqual([
      { from: { date: '1990' }, to: { date: '1995' } },
      { from: { date: '1998' } },
    ]);
    expect(of('第3卷(2001)至第9卷(2007)')).toEqual([
      { from: { date: '2001', volume: '3' }, to: { date: '2007', volume: '9' } },
    ]);
    expect(of('2004')).toEqual([{ from: { date: '2004' }, to: { date: '2004' } }]);
    expect(of('ausgewählte Jahrgänge')).toBeUndefined();
  });

  test('I10 no text makes reading fail', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 60 }), fc.string(), (text, year) => {
        const runs = coverageOfText(text);
        expect(['fits', 'missing', 'unknown']).toContain(covers(runs, { year, volume: year }, today));
      }),
    );
  });
});

describe('I10 whether two works are one', () => {
  const held = keysOfHolding({
    title: 'The Whale : a tale',
    author: 'Melville, Herman',
    isbns: ['0306406152'],
  });

  test('I10 by a number in either form', () => {
    expect(matchOf(keysOfHolding({ title: 'x', isbns: ['978-0-306-40615-7'] }), held)).toBe('number');
  });

  test('I10 by title and author, as differently as people write them', () => {
    const wanted = (title: string, author?: string) => keysOfHolding({ title, author });
    expect(matchOf(wanted('the whale', 'Herman Melville'), held)).toBe('title');
    expect(matchOf(wanted('WHALE'), held)).toBe('title');
    expect(matchOf(wanted('The Whale', 'Smith, John'), held)).toBe('none');
    expect(matchOf(wanted('Another'), held)).toBe('none');
    const chinese = keysOfHolding({ title: '红楼梦', author: '曹 雪芹' });
    expect(matchOf(wanted('红楼梦', '曹雪芹'), chinese)).toBe('title');
  });

  test('I10 another ISBN is another edition, unless any edition will do', () => {
    const wanted = keysOfHolding({ title: 'The Whale', author: 'Melville', isbns: ['9783940000026'] });
    expect(matchOf(wanted, held)).toBe('none');
    expect(matchOf(wanted, held, { anyEdition: true })).toBe('title');
  });
});
