import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { illStates, literatureTypes } from '../../domain/ill.ts';
import { groupOf, stateGroups, statesOf } from '../../domain/ill-groups.ts';
import { isHeld, mainTitle } from '../../domain/held-here.ts';
import { isNetwork, isWithin } from '../../domain/networks.ts';
import { readOpenUrl } from '../../domain/openurl.ts';
import { formOfOpenUrl, keptOpenUrl } from '../../domain/openurl-form.ts';
import { actionsOf } from '../../domain/request-actions.ts';
import { fieldLengths, requestFields } from '../../domain/request-fields.ts';
import { cleanText, cleanWork } from '../../domain/request-form.ts';
import { requestKeys, requestSearchText } from '../../domain/request-keys.ts';

describe('what is written into a form', () => {
  test('I1 reads the same wherever it is shown: nothing invisible, nothing that turns writing round', () => {
    const nasty = fc.string({ unit: 'binary', maxLength: 200 });
    fc.assert(
      fc.property(nasty, (text) => {
        const clean = cleanText(text);
        expect(clean).not.toMatch(/(?!\n)\p{Cc}|(?!\u200C|\u200D)\p{Cf}/u);
        expect(clean.isWellFormed()).toBe(true);
        expect(cleanText(clean)).toBe(clean);
      }),
    );
    expect(cleanText('\u202Eاب\u202C نامه\u200Cای')).toBe('اب نامه\u200Cای');
  });

  test('I1 has its standard numbers in one form, and keeps what is none for the rules to object to', () => {
    const work = cleanWork({
      title: 'x',
      isbn: 'ISBN 3-518-42020-8',
      issn: '03630277',
      doi: 'https://doi.org/10.1000/X',
    });
    expect(work).toEqual({ title: 'x', isbn: '9783518420201', issn: '0363-0277', doi: '10.1000/X' });
    expect(cleanWork({ title: 'x', isbn: '123' }).isbn).toBe('123');
    expect(cleanWork({ title: 'x', note: 'a\nb', author: ' ' })).toEqual({ title: 'x', note: 'a\nb' });
  });
});

describe('a link from a catalogue', () => {
  test('I1 whatever stands in it, gives a form whose fields fit', () => {
    const key = fc.constantFrom(
      'rft.title',
      'rft.atitle',
      'title',
      'genre',
      'rft.date',
      'rft_id',
      'isbn',
      'svc.note',
      'svc.neededBy',
      'x',
    );
    const links = fc.array(fc.tuple(key, fc.string({ unit: 'binary', maxLength: 700 })), { maxLength: 30 });
    fc.assert(
      fc.property(links, (pairs) => {
        const { work, literature, service } = formOfOpenUrl(
          readOpenUrl(new URLSearchParams(pairs).toString()),
        );
        expect(literatureTypes).toContain(literature);
        expect(['copy', 'loan']).toContain(service);
        for (const field of requestFields)
          expect((work[field] ?? '').length).toBeLessThanOrEqual(fieldLengths[field]);
        expect(work.neededBy ?? '2026-01-01').toMatch(/^\d{4}-\d{2}-\d{2}$/);
      }),
    );
  });

  test('I1 is kept without what it says of persons, and not longer than a form can use', () => {
    const kept = keptOpenUrl(
      'rft.title=A&req.id=x&req_dat=y&REQ_ID=z&res_id=r&pid=p&rfr_id=info:sid/x&requested=1',
    );
    expect(new URLSearchParams(kept).toString()).toBe('rft.title=A&rfr_id=info%3Asid%2Fx&requested=1');
    expect(keptOpenUrl(`title=${'x'.repeat(9000)}&isbn=1`)).toBe('isbn=1');
  });
});

describe('likely duplicates', () => {
  const common = (a: readonly string[], b: readonly string[]) => a.some((key) => b.includes(key));

  test('I1 are found by number, by title whatever its spelling, and by a citation', () => {
    const book = (work: object) => requestKeys('book', { title: 'Der Turm', ...work });
    expect(common(book({}), book({ title: 'DER TURM', isbn: '9783518420201' }))).toBe(true);
    expect(
      common(book({ isbn: '3518420208' }), requestKeys('book', { title: 'Turm', isbn: '9783518420201' })),
    ).toBe(true);
    expect(common(book({ volume: '1' }), book({ volume: '2' }))).toBe(false);
    const article = (work: object) =>
      requestKeys('article', { title: 'Nature', component: 'On holds', ...work });
    expect(common(article({}), article({ component: 'On loans' }))).toBe(false);
    const cited = { issn: '0028-0836', volume: '5', pages: '10-12' };
    expect(common(article(cited), article({ ...cited, component: 'On hlods', pages: '10' }))).toBe(true);
    expect(common(article({ doi: '10.1/A' }), article({ component: 'Other', doi: '10.1/a' }))).toBe(true);
    expect(requestSearchText({ title: '天龙八部', author: '金庸' })).toContain('天龙八部');
  });
});

describe('what the library has itself', () => {
  const own = (more: object = {}, state: 'available' | 'lost' = 'available') => ({
    title: 'Momo : oder die seltsame Geschichte',
    author: 'Ende, Michael',
    isbns: ['9783522177504', '3522177509'],
    issns: [],
    facts: { items: [{ state }] },
    ...more,
  });

  test('I1 is known by number, else by title and author; lost copies and other editions do not count', () => {
    expect(isHeld(own(), { title: 'Anything', isbn: '9783522177504' })).toBe(true);
    expect(isHeld(own(), { title: 'momo', author: 'Michael Ende' })).toBe(true);
    expect(isHeld(own(), { title: 'Momo', author: 'Somebody' })).toBe(false);
    expect(isHeld(own(), { title: 'Momo', isbn: '9783518420201' })).toBe(false);
    expect(isHeld(own(), { title: 'Momo', isbn: '9783518420201', anyEdition: true })).toBe(true);
    expect(isHeld(own({}, 'lost'), { title: 'Momo' })).toBe(false);
    expect(mainTitle('三体：地球往事')).toBe('三体');
  });
});

describe('networks', () => {
  test('I2 are written as addresses with a length, of either version', () => {
    for (const good of ['192.0.2.0/24', '192.0.2.1', '::1', '2001:db8::/32', '0.0.0.0/0'])
      expect(isNetwork(good)).toBe(true);
    for (const bad of [
      '192.0.2.0/33',
      '192.0.2.0/',
      '192.0.2',
      '::/129',
      'x',
      '192.0.2.0/24/1',
      '192.0.2.0/024',
      'fe80::1%eth0',
    ])
      expect([bad, isNetwork(bad)]).toEqual([bad, false]);
    expect(isWithin(['0.0.0.0/0'], '2001:db8::1')).toBe(false);
    expect(isWithin(['::/0'], '192.0.2.1')).toBe(false);
    expect(isWithin(['10.0.0.0/8'], '::ffff:10.1.2.3')).toBe(true);
  });
});

describe('states', () => {
  test('I11 each is in exactly one group, and an ended request offers its reader nothing but its document', () => {
    expect(stateGroups.flatMap(statesOf).toSorted()).toEqual([...illStates].toSorted());
    const facts = {
      service: 'loan',
      delivery: 'pickup',
      direct: false,
      asks: 'reader',
      shipped: false,
      cancelWanted: false,
      renewalWanted: false,
    } as const;
    for (const state of illStates) {
      const actions = actionsOf({ ...facts, state, document: true, downloadable: true });
      if (groupOf(state) === 'ended') expect(actions).toEqual([]);
    }
    const there = { ...facts, state: 'available', document: true } as const;
    expect(actionsOf({ ...there, downloadable: true })).toEqual(['download', 'new-link']);
    expect(actionsOf({ ...there, downloadable: false })).toEqual(['new-link']);
    expect(
      actionsOf({ ...facts, state: 'shipped', shipped: true, document: false, downloadable: false }),
    ).toEqual([]);
    expect(actionsOf({ ...facts, state: 'asked', document: false, downloadable: false })).toEqual([
      'cancel',
      'change-place',
      'answer',
    ]);
  });

  test('I9 I13 what was sent straight to its reader offers what only they can say: it has come, it is sent back, more time is wanted', () => {
    const facts = {
      delivery: 'post',
      asks: null,
      shipped: true,
      cancelWanted: false,
      renewalWanted: false,
      document: false,
      downloadable: false,
    } as const;
    const straight = { ...facts, direct: true } as const;
    expect(actionsOf({ ...straight, service: 'loan', state: 'received' })).toEqual(['renew', 'send-back']);
    expect(actionsOf({ ...straight, service: 'copy', state: 'received' })).toEqual(['confirm-receipt']);
    expect(actionsOf({ ...straight, service: 'loan', state: 'shipped' })).toEqual([
      'renew',
      'confirm-receipt',
    ]);
    expect(actionsOf({ ...straight, service: 'loan', state: 'received', renewalWanted: true })).toEqual([
      'send-back',
    ]);
    for (const state of ['shipped', 'received', 'returning', 'completed'] as const)
      for (const service of ['copy', 'loan'] as const)
        expect(actionsOf({ ...facts, direct: false, service, state })).toEqual([]);
  });
});
