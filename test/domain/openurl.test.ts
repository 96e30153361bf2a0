import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { linkEncodings } from '../../domain/link-text.ts';
import { readOpenUrl } from '../../domain/openurl.ts';
import { formOfOpenUrl, keptOpenUrl } from '../../domain/openurl-form.ts';

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
      authors: ['陈, 振宇', 'Second'],
      encoding: { name: 'utf-8', known: 'plain' },
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
      authors: ['Ende, Michael'],
      encoding: { name: 'utf-8', known: 'plain' },
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
    ['rft.au=First&aulast=Other', 'Other|First'],
    ['aulast=Ende&aufirst=Michael&au=Ende%2C+Michael&au=Second', 'Ende, Michael|Second'],
    ['rft.au=First&rft.au=Second&rft.au=First&au=Third', 'First|Second|Third'],
    ['rft.creator=Only', 'Only'],
  ])('I1 the authors of %s are %s', (query, authors) => {
    expect(readOpenUrl(query).authors.join('|')).toBe(authors);
  });

  test('I1 all authors stand in the form, as many whole names as it takes', () => {
    const form = (count: number) =>
      formOfOpenUrl(
        readOpenUrl(
          `genre=book&title=x${Array.from({ length: count }, (_none, at) => `&au=Author+Number+${at}`).join('')}`,
        ),
      );
    expect(form(3).work.author).toBe('Author Number 0; Author Number 1; Author Number 2');
    expect(form(20).work.author).toMatch(/; Author Number 16$/u);
  });

  test('I1 what has no field is kept as a remark; who asks is never taken from a link', () => {
    const work = readOpenUrl(
      'rft.spage=1&rft.artnum=e17&rft.quarter=2&svc.note=by%0Afriday&req.id=42&req.emailAddress=x@y.z&svc.neededBy=2026-12-01&svc.pickupLocation=main',
    );
    expect(work).toMatchObject({
      pages: '1',
      neededBy: '2026-12-01',
      pickupLocation: 'main',
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

describe('I1 a link in another encoding than UTF-8', () => {
  /** Bytes of texts, percent-encoded, as catalogues in these encodings write them. */
  const written: readonly (readonly [encoding: string, text: string, bytes: string])[] = [
    ['gb18030', '中国图书馆学报', '%D6%D0%B9%FA%CD%BC%CA%E9%B9%DD%D1%A7%B1%A8'],
    ['gb18030', '红楼梦', '%BA%EC%C2%A5%C3%CE'],
    ['gb18030', '鲁迅', '%C2%B3%D1%B8'],
    ['shift_jis', '日本文学史', '%93%FA%96%7B%95%B6%8Aw%8Ej'],
    ['shift_jis', 'ノルウェイの森', '%83m%83%8B%83E%83F%83C%82%CC%90X'],
    ['euc-jp', '吾輩は猫である', '%B8%E3%C7%DA%A4%CF%C7%AD%A4%C7%A4%A2%A4%EB'],
    ['euc-kr', '한국 문학사', '%C7%D1%B1%B9+%B9%AE%C7%D0%BB%E7'],
    ['big5', '圖書館學', '%B9%CF%AE%D1%C0%5D%BE%C7'],
    ['windows-1252', 'Bärenjagd für Größere', 'B%E4renjagd+f%FCr+Gr%F6%DFere'],
    ['windows-1252', 'café', 'caf%E9'],
  ];

  test.each(written)(
    'I1 %s without a word about it: %s is guessed, and shown as a guess',
    (name, text, bytes) => {
      const { title, encoding } = readOpenUrl(`rft.btitle=${bytes}&rft.date=1998`);
      expect([title, encoding]).toEqual([text, { name, known: 'guessed' }]);
    },
  );

  test.each([
    ['ctx_enc=info:ofi/enc:GBK', '%C2%B3%D1%B8', '鲁迅', 'gb18030'],
    ['rft_enc=info%3Aofi%2Fenc%3AShift_JIS', '%93%FA%96%7B', '日本', 'shift_jis'],
    ['charset=gb2312', '%BA%EC%C2%A5%C3%CE', '红楼梦', 'gb18030'],
    ['ie=EUC-JP', '%C6%FC%CB%DC', '日本', 'euc-jp'],
    ['ctx_enc=info:ofi/enc:ISO-8859-1', '%C4%D6', 'ÄÖ', 'windows-1252'],
    ['charset=koi8-r', '%F7%CF%CA%CE%C1', 'Война', 'koi8-r'],
  ])('I1 the encoding that it states (%s) counts', (stated, bytes, title, name) => {
    expect(readOpenUrl(`title=${bytes}&${stated}`)).toMatchObject({
      title,
      encoding: { name, known: 'stated' },
    });
  });

  test('I1 a statement that the bytes disprove counts for nothing, nor does one that nobody knows', () => {
    const wrong = readOpenUrl('title=%BA%EC%C2%A5%C3%CE&ctx_enc=info:ofi/enc:UTF-8&charset=no-such');
    expect(wrong).toMatchObject({ title: '红楼梦', encoding: { known: 'guessed' } });
    expect(readOpenUrl('title=%E7%BA%A2%E6%A5%BC&charset=__proto__').title).toBe('红楼');
  });

  test('I1 UTF-8 that is cut off, or has odd characters, stays UTF-8', () => {
    expect(readOpenUrl('title=%E7%BA%A2%E6%A5')).toMatchObject({ title: '红', encoding: { known: 'plain' } });
    const odd = 'α ± β – Ångström «Война»';
    expect(readOpenUrl(`title=${encodeURIComponent(odd)}`)).toMatchObject({
      title: odd,
      encoding: { name: 'utf-8', known: 'plain' },
    });
  });

  test('I1 one broken text does not make another encoding of a link in UTF-8', () => {
    const query = 'title=%E6%97%A5%E6%9C%AC&date=%ED%A0%80';
    expect(readOpenUrl(query)).toMatchObject({ title: '日本', encoding: { name: 'utf-8', known: 'plain' } });
  });

  test('I1 what the reader says counts most, also of a link that was kept', () => {
    const kept = keptOpenUrl('title=%C8%D5%B1%BE&req.id=x&au=%E9%99%88');
    expect(kept).toBe('title=%C8%D5%B1%BE&au=%E9%99%88');
    expect(readOpenUrl(kept, 'gb18030')).toMatchObject({
      title: '日本',
      encoding: { name: 'gb18030', known: 'chosen' },
    });
  });

  test('I1 whatever the bytes, they are read to the end', () => {
    const bytes = fc.array(fc.integer({ min: 0, max: 255 }), { maxLength: 60 });
    fc.assert(
      fc.property(bytes, fc.option(fc.constantFrom(...linkEncodings), { nil: undefined }), (all, chosen) => {
        const query = `title=${all.map((each) => `%${each.toString(16).padStart(2, '0')}`).join('')}`;
        const work = readOpenUrl(keptOpenUrl(query), chosen);
        expect((work.title ?? '').isWellFormed()).toBe(true);
      }),
    );
  });
});
