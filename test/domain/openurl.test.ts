import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { readOpenUrl } from '../../domain/openurl.ts';

const article =
  'url_ver=Z39.88-2004&ctx_ver=Z39.88-2004&rft_val_fmt=info:ofi/fmt:kev:mtx:journal&rfr_id=info:sid/example.org:db' +
  '&rft.genre=article&rft.atitle=%E6%96%87%E7%8C%AE%E4%BC%A0%E9%80%92&rft.jtitle=Journal+of+Tests&rft.issn=1234-5679&rft.eissn=2049-3630' +
  '&rft.au=%E9%99%88%2C+%E6%8C%AF%E5%AE%87&rft.au=Second&rft.volume=12&rft.issue=3&rft.spage=45&rft.epage=52&rft.date=2019-05&rft_id=info:doi/10.1000/xyz%20(1)&rft_id=info:pmid/123';

describe('I1 a link from a catalogue', () => {
  test('I1 an article in Z39.88-2004', () => {
    expect(readOpenUrl(article)).toEqual({
      service: 'copy',
      literature: 'article',
      title: 'Journal of Tests',
      titleOfPart: '文献传递',
      author: '陈, 振宇',
      volume: '12',
      issue: '3',
      pages: '45-52',
      date: '2019-05',
      source: 'info:sid/example.org:db',
      isbns: [],
      issns: ['1234-5679', '2049-3630'],
      identifiers: [
        { scheme: 'doi', value: '10.1000/xyz (1)' },
        { scheme: 'pmid', value: '123' },
      ],
      remarks: [],
    });
  });

  test('I1 a book in version 0.1', () => {
    const work = readOpenUrl(
      '?sid=X:Y&genre=book&title=Momo&aulast=Ende&aufirst=Michael&isbn=3-522-11940-3&date=1973&pub=Thienemann&place=Stuttgart&pages=269&id=doi:10.5/a',
    );
    expect(work).toEqual({
      service: undefined,
      literature: 'book',
      title: 'Momo',
      author: 'Ende, Michael',
      pages: '269',
      date: '1973',
      publisher: 'Thienemann',
      placeOfPublication: 'Stuttgart',
      source: 'X:Y',
      isbns: [],
      issns: [],
      identifiers: [{ scheme: 'doi', value: '10.5/a' }],
      remarks: [],
    });
  });

  test.each([
    ['rft.genre=bookitem&rft.btitle=B&rft.atitle=C', 'chapter', 'copy'],
    ['rft.genre=proceeding', 'conference-paper', 'copy'],
    ['rft.genre=preprint', 'article', 'copy'],
    ['rft.genre=DISSERTATION', 'thesis', undefined],
    ['rft.genre=unknown&rft_val_fmt=info:ofi/fmt:kev:mtx:book', 'book', undefined],
    ['rft_val_fmt=info:ofi/fmt:kev:mtx:book&rft.atitle=C', 'chapter', 'copy'],
    ['rft_val_fmt=info:ofi/fmt:kev:mtx:journal', 'journal', undefined],
    ['rft_val_fmt=info:ofi/fmt:kev:mtx:journal&rft.atitle=A', 'article', 'copy'],
    ['rft.genre=book&svc.id=copy', 'book', 'copy'],
    ['rft.genre=article&svc.id=loan', 'article', 'loan'],
    ['rft.genre=constructor', undefined, undefined],
    ['', undefined, undefined],
  ])('I1 %s is a %s, service %s', (query, literature, service) => {
    expect(readOpenUrl(query)).toMatchObject({ literature, service });
  });

  test.each([
    ['aulast=Ende&auinit=M.', 'Ende, M.'],
    ['aulast=Tolkien&auinit1=J&auinitm=R.R.', 'Tolkien, J R.R.'],
    ['aulast=Plato', 'Plato'],
    ['aucorp=UNESCO', 'UNESCO'],
    ['rft.au=First&aulast=Other', 'First'],
  ])('I1 the author of %s is %s', (query, author) => {
    expect(readOpenUrl(query).author).toBe(author);
  });

  test('I1 what has no field is kept as a remark; who asks is never taken from a link', () => {
    const work = readOpenUrl(
      'rft.spage=1&rft.artnum=e17&rft.quarter=2&svc.note=by%0Afriday&req.id=42&req.emailAddress=x@y.z&svc.neededBy=2026-12-01',
    );
    expect(work).toMatchObject({
      pages: '1',
      neededBy: '2026-12-01',
      remarks: ['quarter: 2', 'artnum: e17', 'by friday'],
    });
    expect(JSON.stringify(work)).not.toMatch(/42|x@y/u);
  });

  test('I1 wrong numbers are left out, ISBNs are of one form, also from a URN', () => {
    const query =
      'rft.isbn=9783522119406&rft.isbn=978-3-522-20210-7&rft_id=urn:ISBN:3522202104&rft.issn=1234-5678';
    expect(readOpenUrl(query)).toMatchObject({ isbns: ['9783522202107'], issns: [] });
  });

  test('I1 whatever is sent, the answer is bounded, well-formed text', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.tuple(
            fc.constantFrom('rft.au', 'rft.title', 'rft_id', 'rft.isbn', '__proto__', 'svc.note'),
            fc.string({ unit: 'binary', maxLength: 900 }),
          ),
        ),
        (pairs) => {
          const query = pairs
            .map(([key, value]) => `${key}=${encodeURIComponent(value.toWellFormed())}`)
            .join('&');
          const text = JSON.stringify(readOpenUrl(query));
          expect(text.isWellFormed()).toBe(true);
          expect(text).not.toMatch(/\\u000[0-9a-f]/u);
          expect(text.length).toBeLessThan(40_000);
        },
      ),
    );
    expect(readOpenUrl('%E0%A4%A&rft.title=%FF').title).toBeDefined();
  });
});
