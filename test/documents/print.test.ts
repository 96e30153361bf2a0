import { describe, expect, test } from '@jest/globals';
import { facesFor } from '../../documents/faces.ts';
import { printDocument, type PrintedDocument } from '../../documents/money-document.ts';
import { runsOf } from '../../documents/runs.ts';
import { printTransferForm } from '../../documents/transfer-form.ts';
import { wrap } from '../../documents/wrap.ts';
import { documentKinds } from '../../domain/documents.ts';
import { languages } from '../../domain/languages.ts';
import { readPdf } from '../support/pdf.ts';
import { policies, texts } from '../support/made-once.ts';
const zju = policies.get('zju');

const slip: PrintedDocument = {
  kind: 'slip',
  year: 2026,
  number: 123,
  paymentId: '0190b0a4-0000-7000-8000-000000000000',
  language: 'zh',
  currency: 'CNY',
  amountMinor: 140_950,
  content: {
    means: 'cash',
    reference: 'K7Q2-9XYZ',
    lines: [
      { cause: 'document-delivery', amountMinor: 140_000, raisedOn: '2026-11-01' },
      { cause: 'credit', amountMinor: 950 },
    ],
  },
  issuedAt: new Date('2026-11-21T16:30:00Z'),
};

const margin = 50;

function expectWithinPage(pages: Awaited<ReturnType<typeof readPdf>>): void {
  for (const { width, height, ink } of pages) {
    expect([Math.round(width), Math.round(height)]).toEqual([595, 842]);
    expect(ink?.left).toBeGreaterThanOrEqual(margin);
    expect(ink?.top).toBeGreaterThanOrEqual(margin);
    expect(ink?.right).toBeLessThanOrEqual(width - margin);
    expect(ink?.bottom).toBeLessThanOrEqual(height - margin);
  }
}

describe('documents as PDF', () => {
  test('P3 a settlement slip says that it is no invoice, and all that was paid', async () => {
    const pages = await readPdf(await printDocument(texts, zju, slip));
    expect(pages).toHaveLength(1);
    for (const said of [
      '浙江大学图书馆',
      '校内结算凭证',
      '仅供校内结算使用，不是发票，不能报销。',
      'S-2026-000123',
      '2026年11月22日',
      '现金',
      'K7Q2-9XYZ',
      '文献传递费（2026年11月1日计费）',
      '¥1,400.00',
      '充入余额',
      '¥1,409.50',
      '人民币壹仟肆佰零玖元伍角整',
    ])
      expect(pages[0]?.text).toContain(said);
    expectWithinPage(pages);
  });

  test('P3 a fee is called on it what the library calls it in the reader’s account', async () => {
    const lines = [{ cause: 'overdue', amountMinor: 140_950, raisedOn: '2026-11-01' }];
    const content = { means: 'cash', lines } as const;
    const [page] = await readPdf(await printDocument(texts, zju, { ...slip, content }));
    expect(page?.text).toContain('超期晚还（2026年11月1日计费）');
  });

  const every = languages.flatMap((language) => documentKinds.map((kind) => ({ language, kind })));
  test.each(every)('P3 $kind in $language has its texts, within the page', async ({ language, kind }) => {
    const addressee = { party: 'person', title: 'Ada', taxId: undefined } as const;
    const given = { ...slip, language, kind, ...(kind === 'invoice' && { addressee }) };
    const pages = await readPdf(await printDocument(texts, policies.get('demo'), given));
    expect(pages[0]?.text).toContain(texts.t(language, `document.${kind}`));
    expect(pages[0]?.text).not.toMatch(/\{\{|undefined|null|NaN|document\.|〓/);
    if (kind === 'invoice') expect(pages[0]?.text).toContain('Ada');
    expectWithinPage(pages);
  });

  test('P6 an invoice names whom it is for, also when the name is long, and in scripts that no font has', async () => {
    const title = `浙江某某生物科技有限公司 ${'Donaudampfschifffahrtsgesellschaft'.repeat(4)} 🙂 مكتبة`;
    const addressee = { party: 'organisation', title, taxId: '91330100799655058B' } as const;
    const pages = await readPdf(await printDocument(texts, zju, { ...slip, kind: 'invoice', addressee }));
    const flat = pages[0]?.text.replaceAll('\n', '') ?? '';
    for (const said of ['浙江某某生物科技有限公司', '91330100799655058B', '〓', '不办理退款'])
      expect(flat).toContain(said);
    expect(flat.match(/Donau/g)).toHaveLength(4);
    expectWithinPage(pages);
  });

  test('P3 many lines go on over pages, each with its head, none lost or clipped', async () => {
    const lines = Array.from({ length: 120 }, (_, index) => ({
      cause: 'overdue',
      amountMinor: index + 1,
      raisedOn: '2026-10-01',
    }));
    const many = { ...slip, kind: 'receipt', language: 'en', content: { means: 'cash', lines } } as const;
    const pages = await readPdf(await printDocument(texts, policies.get('demo'), many));
    expect(pages.length).toBeGreaterThan(2);
    const all = pages.map(({ text }) => text).join('\n');
    expect(all.match(/Overdue fee, charged on/g)).toHaveLength(120);
    for (const { text } of pages.slice(0, -1)) expect(text).toContain('Amount');
    expect(all).toContain(`Page ${pages.length} of ${pages.length}`);
    expectWithinPage(pages);
  });

  test('P3 the same row makes the same bytes; the file says its title, language and when it was issued', async () => {
    const [one, other] = [await printDocument(texts, zju, slip), await printDocument(texts, zju, slip)];
    expect(one.equals(other)).toBe(true);
    const raw = one.toString('latin1');
    expect(raw).toContain('/Lang (zh-Hans)');
    expect(raw).toContain('D:20261121163000Z');
    expect(raw).toContain('/DisplayDocTitle true');
    const titled = Buffer.from(`\uFEFF校内结算凭证 S-2026-000123`, 'utf16le').swap16().toString('latin1');
    expect(raw).toContain(titled.slice(0, 12));
  });

  test('P3 Chinese is set in Chinese type and Japanese in Japanese, whatever the characters', async () => {
    const used = async (language: 'zh' | 'ja') =>
      (await printDocument(texts, zju, { ...slip, language })).toString('latin1');
    expect(await used('zh')).toContain('NotoSansHans-Regular');
    expect(await used('zh')).not.toContain('NotoSansJP');
    expect(await used('ja')).toContain('NotoSansJP-Regular');
  });

  test('P3 fonts are embedded as subsets, and a receipt is quick to print', async () => {
    await printDocument(texts, zju, slip);
    const before = process.cpuUsage();
    const bytes = await printDocument(texts, zju, slip);
    expect(bytes.length).toBeLessThan(250_000);
    const { user, system } = process.cpuUsage(before);
    expect((user + system) / 1000).toBeLessThan(600);
    expect(bytes.toString('latin1')).toMatch(/\/BaseFont \/[A-Z]{6}\+NotoSans/);
  });
});

describe('characters and lines', () => {
  const { regular } = facesFor('zh', 'zh');

  test('P3 a character is set in the first font that has it, and 〓 where none has', () => {
    const shown = (text: string) =>
      runsOf(text, regular)
        .map((run) => run.text)
        .join('');
    expect(shown('图书馆 Bücherei 図書館')).toBe('图书馆 Bücherei 図書館');
    expect(shown('a\u0007b🙂c\u{10FFFF}\uD800')).toMatch(/^ab〓c〓.$/u);
    expect(shown('')).toBe('');
    for (const run of runsOf('发票 領収書 🙂', regular))
      for (const character of run.text) expect(run.face.has(character.codePointAt(0) ?? 0)).toBe(true);
  });

  test('P3 lines break at words and between characters, and no line begins with a closing mark', () => {
    const measure = (text: string) => Array.from(text).length;
    expect(wrap('one two three', 7, measure)).toEqual(['one two', 'three']);
    expect(wrap('文献传递费，图书馆', 5, measure)).toEqual(['文献传递', '费，图书馆']);
    expect(wrap('abcdefghij', 4, measure)).toEqual(['abcd', 'efgh', 'ij']);
    expect(wrap('', 4, measure)).toEqual([]);
  });
});

describe('the transfer form', () => {
  const form = {
    payee: { unit: '图书馆', departmentCode: '188610', projectCode: '669105' },
    payer: { unit: '信息与电子工程学院', departmentCode: '188120', projectCode: '188120*194232002' },
    purpose: '检索费',
    amountMinor: 140_950,
    currency: 'CNY',
    reference: 'K7Q2-9XYZ',
    madeAt: new Date('2026-11-21T16:30:00Z'),
  };

  test('P4 has everything that stands on the university’s own form, filled in', async () => {
    const pages = await readPdf(await printTransferForm(texts, zju, form));
    expect(pages).toHaveLength(1);
    const flat = pages[0]?.text.replaceAll(/\s/g, '') ?? '';
    for (const said of [
      '带上校内转账单和校园卡去财务处转帐。',
      '浙江大学校内转账单',
      '2026年11月22日',
      '收款单位图书馆付款单位（公章）信息与电子工程学院',
      '部门代码188610部门代码188120',
      '项目代码669105项目代码188120*194232002',
      '转帐说明',
      '检索费',
      'K7Q2-9XYZ',
      '金额（大写）人民币壹仟肆佰零玖元伍角整¥1,409.50元',
      '经费主管：经办人：',
    ])
      expect(flat).toContain(said);
    expectWithinPage(pages);
  });

  test('P4 leaves room for the hand where the payer has stated nothing', async () => {
    const { payer: _, ...blank } = form;
    const pages = await readPdf(await printTransferForm(texts, zju, blank));
    expect(pages[0]?.text.replaceAll(/\s/g, '')).toContain('部门代码188610部门代码项目代码');
    expectWithinPage(pages);
  });

  test('P4 the longest amount and names stay in their boxes', async () => {
    const payer = { ...form.payer, unit: '现代光学仪器国家重点实验室'.repeat(8) };
    const given = { ...form, payer, amountMinor: 98_765_432_109_876 };
    const pages = await readPdf(await printTransferForm(texts, zju, given));
    expect(pages[0]?.text.replaceAll(/\s/g, '')).toContain('¥987,654,321,098.76元');
    expectWithinPage(pages);
  });

  test.each(languages)('P4 is in the library’s language: %s', async (language) => {
    const library = { ...policies.get('demo'), language };
    const [page] = await readPdf(await printTransferForm(texts, library, { ...form, currency: 'EUR' }));
    expect(page?.text).toContain(texts.t(language, 'transferForm.explanation'));
    expect(page?.text).not.toContain('人民币');
  });
});
