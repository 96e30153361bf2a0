import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { holdingsIn } from '../../activities/ill/catalogue-records.ts';
import { searchSru, sruAddress } from '../../activities/gateways/sru.ts';
import { readSruResponse } from '../../activities/gateways/sru-response.ts';
import { cqlTerm, queriesOf } from '../../domain/cql.ts';
import { type CataloguePolicy, suppliersPolicy } from '../../domain/policy-suppliers.ts';
import type { Whose } from '../../import/holding-record.ts';
import { answering, field, marcRecord, type SruServer, sruResponse, startSruServer } from './sru-server.ts';

let server: SruServer;
beforeAll(async () => {
  server = await startSruServer();
});
afterAll(async () => {
  await server.stop();
});

function catalogue(more: Record<string, unknown> = {}): CataloguePolicy {
  const name = { en: 'Union catalogue', de: 'Verbundkatalog', ja: '総合目録', zh: '联合目录' };
  const given = { code: 'union', name, url: server.url, timeout: 'PT20S', ...more };
  const [made] = suppliersPolicy.parse({ catalogues: [given] }).catalogues;
  if (!made) throw new Error('no catalogue');
  return made;
}

const whose: Whose = { peer: undefined, named: new Map([['HARBOUR', 'neighbour']]) };
const held = marcRecord('m1', field('852', ['a', 'HARBOUR'], ['h', 'Melv 7']));

describe('I5 questions to a catalogue', () => {
  test('I5 nothing that somebody writes ends a term', () => {
    expect(cqlTerm('say "no" or dc.title=*')).toBe('"say \\"no\\" or dc.title=\\*"');
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (text) => {
        const inner = cqlTerm(text).slice(1, -1);
        expect(inner.replaceAll(/\\["\\*?^]/gu, '')).not.toMatch(/["\\*?^\p{Cc}]/u);
      }),
    );
  });

  test('I5 by number in both forms first, then by title and author', () => {
    const { indexes } = catalogue();
    expect(
      queriesOf(
        { title: 'Moby-Dick : or, the whale', author: 'Melville, Herman', isbn: '978-0-306-40615-7' },
        indexes,
      ),
    ).toEqual([
      'bath.isbn="9780306406157" or bath.isbn="0306406152"',
      'dc.title="Moby-Dick" and dc.creator="Melville, Herman"',
    ]);
    expect(queriesOf({ title: 'Nature', issn: '0028-0836' }, indexes)).toEqual([
      'bath.issn="0028-0836"',
      'dc.title="Nature"',
    ]);
  });

  test('I5 versions 1.1 and 1.2 name the operation, 2.0 does not', () => {
    const of = (version: string) =>
      sruAddress(catalogue({ version, url: `${server.url}?x=1` }), 'a="b&c"').searchParams;
    expect(of('1.1').get('operation')).toBe('searchRetrieve');
    expect(of('1.2').get('version')).toBe('1.2');
    expect(of('2.0').get('operation')).toBeNull();
    expect(of('2.0').get('query')).toBe('a="b&c"');
    expect(of('2.0').get('x')).toBe('1');
  });
});

describe('I5 answers of a catalogue', () => {
  test.each([
    ['packed as XML under a prefix', {}],
    ['packed as a string', { packing: 'string' }],
    ['without a prefix', { prefix: '' }],
  ])('I5 records %s', async (_name, options) => {
    server.behave(answering(sruResponse([held], options)));
    const { records, total } = await searchSru(catalogue(), 'q');
    expect(total).toBe(1);
    const [holding] = holdingsIn(records[0] ?? '', catalogue(), whose);
    expect(holding).toMatchObject({
      key: 'neighbour/sru/union/m1',
      peer: 'neighbour',
      title: 'Moby-Dick <& co>',
      callNumber: 'Melv 7',
    });
    expect(holding?.keys).toContain('isbn:9783940000026');
  });

  test('I5 who has it stands in another field where the policy says so, and Dublin Core is the catalogue’s own', async () => {
    const german = marcRecord('m2', field('924', ['b', 'HARBOUR'], ['g', 'X 1']));
    const by924 = catalogue({ holders: { tag: '924', agency: 'b', callNumber: 'g' } });
    expect(holdingsIn(german, by924, whose)).toMatchObject([{ peer: 'neighbour', callNumber: 'X 1' }]);
    expect(holdingsIn(german, catalogue(), whose)).toEqual([]);
    const dc =
      '<srw_dc:dc><title>Moby-Dick</title><creator>Melville</creator><identifier>URN:ISBN:9783940000026</identifier><identifier>oai:7</identifier></srw_dc:dc>';
    expect(holdingsIn(dc, catalogue(), whose)).toEqual([]);
    expect(holdingsIn(dc, catalogue({ peer: 'neighbour' }), whose)).toMatchObject([
      { peer: 'neighbour', recordId: expect.any(String), title: 'Moby-Dick' },
    ]);
  });

  test('I5 other encodings than UTF-8 are read as they say', async () => {
    const xml = sruResponse([held.replace('Moby-Dick', 'Möby')]).replace('UTF-8', 'ISO-8859-1');
    server.behave(answering(Buffer.from(xml, 'latin1'), 'text/xml'));
    const { records } = await searchSru(catalogue(), 'q');
    expect(records[0]).toContain('Möby');
  });

  test('I5 a diagnostic without records is told, one beside records is not the end of it', async () => {
    const diagnostic =
      '<zs:diagnostics><diagnostic xmlns="x"><uri>info:srw/diagnostic/1/16</uri><details>bath.isbn</details><message>Unsupported index</message></diagnostic></zs:diagnostics>';
    server.behave(answering(sruResponse([], { diagnostic })));
    await expect(searchSru(catalogue(), 'q')).rejects.toThrow(
      'It said: info:srw/diagnostic/1/16 – bath.isbn – Unsupported index',
    );
    server.behave(answering(sruResponse([held], { diagnostic })));
    expect((await searchSru(catalogue(), 'q')).records).toHaveLength(1);
  });
});

describe('I5 a catalogue that misbehaves', () => {
  const doctype = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>';
  test.each<[string, Parameters<typeof answering>, string]>([
    ['an error page', ['<html><body>Oops<br></body></html>'], 'The answer is no XML'],
    ['another document', ['<feed/>'], 'The answer is no response of SRU.'],
    ['nothing', [''], 'The answer is no'],
    ['half an answer', [sruResponse([held]).slice(0, 400)], 'The answer is no XML'],
    ['a document type', [`${doctype}<searchRetrieveResponse>&e;</searchRetrieveResponse>`], 'document type'],
    ['an unknown entity', [sruResponse(['<a>&nbsp;</a>'])], 'The answer is no XML'],
    ['HTTP 503', ['busy', 'text/plain', 503], 'It answered with HTTP status 503.'],
    ['a redirection', ['', 'text/plain', 302], 'It answered with HTTP status 302.'],
    ['a wrong encoding', [Buffer.from([0x3c, 0xff, 0xfe]), 'text/xml; charset=utf-8'], 'not in the encoding'],
  ])('I5 answers %s', async (_name, given, words) => {
    server.behave(answering(...given));
    await expect(searchSru(catalogue(), 'q')).rejects.toThrow(words);
  });

  test('I5 is slow, never ends, or is not there', async () => {
    server.behave(() => {});
    await expect(searchSru(catalogue({ timeout: 'PT0.5S' }), 'q')).rejects.toThrow(
      'There was no answer within PT0.5S.',
    );
    server.behave((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/xml' });
      const more = () => {
        if (!response.destroyed) response.write('x'.repeat(500_000), more);
      };
      more();
    });
    await expect(searchSru(catalogue({ timeout: 'PT2M' }), 'q')).rejects.toThrow('longer than 4 MiB');
    await expect(searchSru(catalogue({ url: 'http://127.0.0.1:1/sru' }), 'q')).rejects.toThrow(
      'There was no connection',
    );
  });

  test('I5 whatever comes is an answer or an error in words', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
        try {
          expect(readSruResponse(text)).toBeDefined();
        } catch (error) {
          expect((error as Error).message).toMatch(/^The answer /u);
        }
      }),
    );
  });
});
