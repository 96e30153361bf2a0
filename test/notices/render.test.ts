import { describe, expect, test } from '@jest/globals';
import { noticeKinds } from '../../domain/kinds.ts';
import { languages } from '../../domain/languages.ts';
import type { NoticeContent } from '../../notices/content.ts';
import { renderNotice } from '../../notices/render.ts';
import { closing, contents, contentsWith, library, passedOver, texts, words } from './fixtures.ts';

const cases = contents.flatMap((content) => languages.map((language) => ({ content, language })));

const named = cases.map(({ content, language }, index) => ({
  name: `${content.kind} ${index} ${language}`,
  content,
  language,
}));

/** What of its data a reader must find again in a notice. */
function mustShow({ data }: NoticeContent): string[] {
  const shown = ['title', 'author', 'placeName', 'placeAddress', 'remark', 'url'];
  return Object.entries(data).flatMap(([key, value]) =>
    shown.includes(key) && value !== null ? [String(value)] : [],
  );
}

const columns = (line: string) => line.replaceAll(/[\u3000-\u{10FFFF}]/gu, '##').length;

const unescaped = (html: string) => html.replaceAll('&amp;', '&');

describe('renderNotice', () => {
  test('every kind is tried', () => {
    expect(new Set(contents.map(({ kind }) => kind))).toEqual(new Set(noticeKinds));
  });

  test.each(named)('N1 $name', ({ content, language }) => {
    const { subject, text, html } = renderNotice(texts, {
      ...content,
      language,
      library,
      patronName: '山田花子',
    });
    for (const value of [
      ...mustShow(content),
      '山田花子',
      library.name[language],
      library.phone,
      library.website,
    ]) {
      expect(text).toContain(value);
      expect(unescaped(html)).toContain(value);
    }
    for (const written of [subject, text, html])
      expect(written).not.toMatch(/\{\{|\}\}|undefined|null|NaN|notice\./);
    expect(subject).toMatch(/^[^\p{Cc}]{5,150}$/u);
    expect(html).toMatch(
      language === 'zh' ? /<html lang="zh-Hans">/ : new RegExp(`<html lang="${language}">`),
    );
    expect(html).not.toMatch(/<(table|script|img|style|link|iframe)/);
    const footer = texts.t(language, 'notice.footer.send-only');
    expect(text.replaceAll('\n', ' ')).toContain(footer);
    expect(html).toContain(footer);
  });

  test('A5 what a reviewer wrote keeps its lines, as paragraphs, and nothing else of what it was typed with', () => {
    const remark = 'Please send:\r\n\r\n1. the \u202Esecond page\n2. your\taddress\u2028Thank you.';
    const data = { procedure: 'Card', remark } as never;
    const request = {
      kind: 'application-refused',
      data,
      language: 'en',
      library,
      patronName: 'Ada',
    } as const;
    const { text, html } = renderNotice(texts, request);
    for (const line of ['Please send:', '1. the second page', '2. your address', 'Thank you.']) {
      expect(text.split('\n')).toContain(line);
      expect(html).toContain(`<p>${line}</p>`);
    }
  });

  test.each(['de', 'en'] as const)('N1 %s is at most 76 columns wide, whatever the title', (language) => {
    for (const title of ['A long title, '.repeat(20), '長い題名 '.repeat(30)]) {
      for (const content of contentsWith({ ...words, title })) {
        const { text } = renderNotice(texts, { ...content, language, library, patronName: 'Rosalind' });
        const wide = text.split('\n').filter((line) => columns(line) > 76);
        expect(wide).toEqual([]);
      }
    }
  });

  test('H6 the day until which a copy is kept stands there with its weekday and hour, in the library’s zone', () => {
    const data = { title: 'Momo', placeName: 'x', keepUntil: closing };
    const written = (language: (typeof languages)[number], timeZone: string) =>
      renderNotice(texts, {
        kind: 'secured',
        data,
        language,
        library: { ...library, timeZone },
        patronName: 'x',
      }).text;
    expect(written('ja', 'Asia/Tokyo')).toContain('取置期限：2026年11月28日(土) 18:00まで');
    expect(written('zh', 'Asia/Shanghai')).toContain('为您保留至：2026年11月28日星期六 17:00');
    expect(written('de', 'Europe/Berlin')).toContain(
      'Bereitgehalten bis: Samstag, 28. November 2026, 10:00\u00A0Uhr',
    );
    expect(written('en', 'Pacific/Auckland')).toContain(
      'Kept for you until: Saturday, 28 November 2026, 22:00',
    );
  });

  test('H11 a reader who was passed over is told every reason and that the place in the queue stays', () => {
    const content = passedOver(words);
    const { text } = renderNotice(texts, { ...content, language: 'ja', library, patronName: '山田' });
    expect(text).toContain('この利用カードは現在お使いになれません');
    expect(text).toContain('有効期限は2026年10月1日(木)でした');
    expect(text).toContain('順位も変わりません');
  });

  test('H11 a reader whose copy was lost is not told that it went to somebody else', () => {
    const data = { title: 'Momo', reasons: [{ code: 'item-lost' }] } as const;
    const { subject, text } = renderNotice(texts, {
      kind: 'passed-over',
      data,
      language: 'en',
      library,
      patronName: 'x',
    });
    expect(subject).toBe('A copy kept for you is no longer available: Momo');
    expect(text).toContain('This copy is recorded as lost.');
    expect(text).not.toContain('next reader');
  });

  test('H7 a hold cancelled for a reason this version does not know is told without one', () => {
    const reason: { reason: 'by-staff' } = JSON.parse('{"reason": "flooded"}');
    const data = { title: 'Momo', ...reason };
    const { text } = renderNotice(texts, {
      kind: 'cancelled',
      data,
      language: 'en',
      library,
      patronName: 'x',
    });
    expect(text).toContain('This hold has been cancelled.');
    expect(text).not.toContain('Reason:');
  });

  test('L5 the second overdue notice is firmer than the first, and says the fee', () => {
    const data = { title: 'Momo', dueAt: closing, fee: { amountMinor: 300, currency: 'JPY' } };
    const step = (number: number) =>
      renderNotice(texts, {
        kind: 'overdue',
        data: { ...data, step: number },
        language: 'ja',
        library,
        patronName: '山田',
      });
    expect(step(1).subject).toBe('返却期限が過ぎています：Momo');
    expect(step(2).subject).toBe('【再度のお願い】返却期限が過ぎています：Momo');
    expect(step(2).text).toContain('￥300');
  });

  test('N1 a message shown in the account says nothing of a mail address', () => {
    for (const content of contents) {
      const request = { language: 'ja', library, patronName: '山田', channel: 'message' } as const;
      const { text, html } = renderNotice(texts, { ...content, ...request });
      expect(text + html).not.toContain('送信専用');
    }
  });

  test('a reader without a name is greeted all the same', () => {
    const { text } = renderNotice(texts, { ...passedOver(words), language: 'de', library, patronName: ' ' });
    expect(text).toMatch(/^Guten Tag,\n/);
  });
});

describe('hostile data', () => {
  const hostile = {
    script: '<script>alert(1)</script>',
    attribute: '"><img src=x onerror=alert(1)>',
    entity: '&lt;script&gt;&#39;',
    headers: 'Momo\r\nBcc: evil@example.org\r\n\r\n<html>',
    direction: 'Momo\u202Egnp.exe\u2066',
    endless: 'あ'.repeat(10_000),
    stacked: `Z${'\u0301'.repeat(10_000)}`,
    template: '{{patronName}} $t(kind.book)',
    nul: 'Mo\u0000mo\u2028\u0085\u001B[31m',
    surrogate: 'Momo\uD800',
  };

  test.each(Object.entries(hostile))('N1 %s as title, author, place and name stays text', (_, text) => {
    const hostileWords = { title: text, author: text, placeName: text, placeAddress: text, remark: text };
    for (const content of contentsWith(hostileWords)) {
      for (const language of languages) {
        const rendered = renderNotice(texts, { ...content, language, library, patronName: text });
        expect(rendered.html).not.toMatch(/<script|<img|onerror=alert\(1\)>/);
        expect(rendered.subject).not.toMatch(/[\p{Cc}\u2028\u202E\u2066]/u);
        expect(rendered.subject.length).toBeLessThanOrEqual(600);
        for (const each of [rendered.text, rendered.html]) {
          expect(each.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\u2028\u202A-\u202E\u2066-\u2069]/u);
          // Only what a reviewer writes has lines of its own, and those are of the body.
          if (!content.kind.startsWith('application-')) expect(each).not.toMatch(/\nBcc:/);
          expect(each.isWellFormed()).toBe(true);
          expect(each.length).toBeLessThan(15_000);
        }
      }
    }
  });

  test('N1 what is escaped can be read again as it was', () => {
    const data = { title: hostile.attribute, placeName: 'x', queuePosition: 1 };
    const { html, subject } = renderNotice(texts, {
      kind: 'placed',
      data,
      language: 'en',
      library,
      patronName: 'x',
    });
    expect(html).toContain('<bdi>&quot;&gt;&lt;img src=x onerror=alert(1)&gt;</bdi>');
    expect(subject).toContain(hostile.attribute);
  });

  test.each(['javascript:alert(1)', 'data:text/html,x', '/password', '', 'https://'])(
    'A10 a password link that is none of the web is refused: %s',
    (url) => {
      const data = { url, validUntil: closing };
      const render = () =>
        renderNotice(texts, { kind: 'password-link', data, language: 'en', library, patronName: 'x' });
      expect(render).toThrow('http or https');
    },
  );

  test('A10 a link with quotes cannot leave its attribute', () => {
    const data = { url: 'https://library.example/?a="><script>', validUntil: closing };
    const { html } = renderNotice(texts, {
      kind: 'password-link',
      data,
      language: 'en',
      library,
      patronName: 'x',
    });
    expect(html).not.toMatch(/<script/);
    expect(html).toContain('href="https://library.example/?a=%22%3E%3Cscript%3E"');
  });
});
