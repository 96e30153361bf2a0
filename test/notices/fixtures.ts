import { join } from 'node:path';
import { deliveryNotices } from '../../notices/delivery-content.ts';
import type { NoticeContent, NoticeLibrary } from '../../notices/content.ts';
import { createTexts } from '../../notices/texts.ts';

export const localesDirectory = join(import.meta.dirname, '../../locales');

export const texts = createTexts(localesDirectory);

export const library: NoticeLibrary = {
  name: {
    ja: '筑紫野市民図書館',
    zh: '筑紫野市民图书馆',
    de: 'Stadtbibliothek Chikushino',
    en: 'Chikushino City Library',
  },
  timeZone: 'Asia/Tokyo',
  phone: '092-928-4943',
  website: 'https://library.example.jp/',
};

/** Saturday 28 November 2026, 18:00 in Tokyo. */
export const closing = Date.UTC(2026, 10, 28, 9);

/** The foreign texts in notices. */
export interface Words {
  readonly title: string;
  readonly author: string;
  readonly placeName: string;
  readonly placeAddress: string;
  readonly remark: string;
}

export const words: Words = {
  title: '吾輩は猫である',
  author: '夏目漱石',
  placeName: 'BM01 天拝公園',
  placeAddress: '二日市中央1-1',
  remark: 'Water damage',
};

export const passedOver = ({ title, author }: Words): NoticeContent => ({
  kind: 'passed-over',
  data: {
    title,
    author,
    reasons: [{ code: 'patron-blocked' }, { code: 'patron-expired', expiresOn: '2026-10-01' }],
  },
});

const url = 'https://library.example.jp/applications/1#ab';
const applied = { procedure: 'ILL', statusUrl: url };

/** Every mail about an application; what staff write in it is theirs. */
const applications = (remark: string): NoticeContent[] => [
  { kind: 'application-confirm', data: { ...applied, url, validUntil: closing } },
  { kind: 'application-received', data: { ...applied, phone: '0571-88208470', due: closing } },
  { kind: 'application-received', data: { ...applied, phone: '0571-88208470' } },
  { kind: 'application-question', data: { ...applied, remark, validUntil: closing } },
  { kind: 'application-rejected', data: { ...applied, remark, validUntil: closing } },
  { kind: 'application-refused', data: { ...applied, remark } },
  {
    kind: 'application-approved',
    data: { ...applied, card: '01234567', newAccount: true, validUntil: '2027-10-01' },
  },
  { kind: 'application-approved', data: { ...applied, card: '01234567', newAccount: false } },
  { kind: 'application-merged', data: applied },
  { kind: 'application-lapsed', data: applied },
  {
    kind: 'application-overdue',
    data: { ...applied, applicationId: '1', submittedAt: closing, due: closing },
  },
];

const fee = { open: { amountMinor: 2400, currency: 'EUR' }, paidUntil: '2026-12-31' };

const differing = {
  day: '2026-11-21',
  lines: [
    {
      kind: 'gateway-unknown',
      account: 'Payment service card',
      amount: { amountMinor: 1234, currency: 'EUR' },
    },
    { kind: 'bank-silent', account: 'Bank account main', amount: { amountMinor: 0, currency: 'EUR' } },
  ],
  others: 2,
} as const;

const cards = { mainCard: '01234567', subCard: '07654321' };

const euros = (amountMinor: number) => ({ amountMinor, currency: 'EUR' });

const transfer = { amount: euros(1500), other: euros(500), reference: 'K7M-2X9-QA4' };

const transfers: NoticeContent[] = [
  { kind: 'payment-short', data: transfer },
  { kind: 'payment-double', data: { ...transfer, reference: undefined } },
  { kind: 'payment-returned', data: transfer },
];

const disputes = (remark: string): NoticeContent[] => [
  { kind: 'dispute-decided', data: { cause: 'overdue', open: euros(150), remark } },
  { kind: 'dispute-decided', data: { cause: 'lost', waived: euros(50), open: euros(100), remark } },
  { kind: 'dispute-decided', data: { cause: 'lost', debited: euros(150), open: euros(0), remark } },
  {
    kind: 'dispute-decided',
    data: { cause: 'lost', waived: euros(50), debited: euros(100), open: euros(0), remark },
  },
  { kind: 'dispute-decided', data: { cause: 'hold', waived: euros(150), open: euros(0), remark: null } },
];

/** Every kind of notice, and every way a kind can be said, with these words in it. */
export function contentsWith({ placeName, placeAddress, remark, ...book }: Words): NoticeContent[] {
  const queued = { ...book, placeName, queuePosition: 3 };
  const due = { ...book, dueAt: closing };
  return [
    ...transfers,
    ...deliveries({ placeName, placeAddress, remark, ...book }),
    ...obtaining({ placeName, placeAddress, remark, ...book }),
    { kind: 'placed', data: { ...queued, contact: 'mail' } },
    { kind: 'placed', data: { ...queued, contact: 'phone' } },
    { kind: 'placed', data: { ...queued, contact: 'none' } },
    { kind: 'secured', data: { ...book, placeName, placeAddress, keepUntil: closing } },
    { kind: 'secured', data: { ...book, placeName, visitAt: closing, keepDays: 7 } },
    { kind: 'secured', data: { ...book, placeName, contact: 'phone' } },
    { kind: 'secured', data: { ...book, placeName } },
    { kind: 'lapsed', data: { ...book, wasKeptUntil: closing } },
    { kind: 'cancelled', data: { ...book, reason: 'by-reader' } },
    { kind: 'cancelled', data: { ...book, reason: 'item-withdrawn', remark } },
    { kind: 'passed-over', data: { ...book, reasons: [{ code: 'item-lost' }] } },
    passedOver({ placeName, placeAddress, remark, ...book }),
    { kind: 'due-soon', data: { ...due, renewable: true } },
    { kind: 'due-soon', data: { ...due, renewable: false } },
    { kind: 'overdue', data: { ...due, step: 1 } },
    { kind: 'overdue', data: { ...due, step: 2, fee: { amountMinor: 1250, currency: 'EUR' } } },
    {
      kind: 'password-link',
      data: { url: 'https://library.example.jp/password?id=1&key=ab', validUntil: closing },
    },
    {
      kind: 'confirm-email',
      data: { url: 'https://library.example.jp/email/1#ab', validUntil: closing },
    },
    { kind: 'email-registered', data: {} },
    ...applications(remark),
    { kind: 'email-changed', data: {} },
    { kind: 'email-failing', data: { reason: 'bounced', pending: false } },
    { kind: 'email-failing', data: { reason: 'refused', pending: true } },
    { kind: 'test-mail', data: {} },
    { kind: 'family-linked', data: cards },
    { kind: 'family-unlinked', data: cards },
    { kind: 'family-consent', data: cards },
    { kind: 'family-consent-ended', data: cards },
    { kind: 'membership-due', data: { step: 1, ...fee } },
    { kind: 'membership-due', data: { step: 2, ...fee } },
    {
      kind: 'payment-received',
      data: { amount: fee.open, kind: 'receipt', means: 'cash', number: 'R-2026-000001', attached: true },
    },
    { kind: 'payment-received', data: { amount: fee.open, kind: 'slip', means: 'card', attached: false } },
    ...(['payout', 'deposit', 'deposit-return'] as const).map((kind): NoticeContent => ({
      kind: 'payment-received',
      data: { amount: fee.open, kind, means: 'cash', number: 'P-2026-000001', attached: kind === 'deposit' },
    })),
    { kind: 'invoice-issued', data: { amount: fee.open, number: 'I-2026-000001', attached: true } },
    { kind: 'invoice-issued', data: { amount: fee.open, number: 'I-2026-000002', attached: false } },
    { kind: 'reconciliation-differs', data: differing },
    {
      kind: 'library-settlement',
      data: {
        number: 'S2026-000001',
        from: '2026-10-01',
        to: '2026-12-31',
        amount: fee.open,
        sum: 'they-pay',
      },
    },
    ...awaited(remark),
    ...disputes(remark),
  ];
}

/** Payments that wait for a transfer. */
function awaited(remark: string): NoticeContent[] {
  const waiting = {
    amount: { amountMinor: 140950, currency: 'CNY' },
    reference: 'K7M-2X9-QA4',
    until: closing,
  };
  const bank = {
    means: 'bank',
    holder: '浙江大学',
    bank: '工行杭州市浙大分理处',
    account: '1202024609908808891',
    text: remark,
  } as const;
  const form = {
    means: 'transfer',
    unit: '图书馆',
    departmentCode: '188610',
    projectCode: '669105',
    purpose: '检索费',
  } as const;
  return [
    { kind: 'payment-instructions', data: { ...waiting, to: bank, vouchers: 'taken' } },
    { kind: 'payment-instructions', data: { ...waiting, to: bank, vouchers: 'none' } },
    { kind: 'payment-instructions', data: { ...waiting, to: form, vouchers: 'checked', attached: true } },
    { kind: 'payment-instructions', data: { ...waiting, to: form, vouchers: 'checked', attached: false } },
    { kind: 'payment-expiring', data: waiting },
    { kind: 'voucher-refused', data: { ...waiting, remark, forGood: false } },
    { kind: 'voucher-refused', data: { ...waiting, remark, forGood: true } },
  ];
}

/** A request while it is obtained; what librarians and suppliers write is theirs. */
function obtaining({ title, author, placeName, remark }: Words): NoticeContent[] {
  const about = { title, author, number: '2026-000012' };
  const price = { amountMinor: 550, currency: 'JPY' };
  const suppliers = [{ name: placeName, why: remark }];
  return [
    ...(['ill-submitted', 'ill-promised', 'ill-cancel-refused'] as const).map((kind) => ({
      kind,
      data: about,
    })),
    { kind: 'ill-asked', data: { ...about, what: 'price', conditions: [], price, until: closing } },
    { kind: 'ill-asked', data: { ...about, what: 'cost', conditions: [], price } },
    { kind: 'ill-asked', data: { ...about, what: 'condition', conditions: [remark], until: closing } },
    { kind: 'ill-asked', data: { ...about, what: 'data', conditions: [], reason: remark } },
    { kind: 'ill-asked', data: { ...about, what: 'other', conditions: [] } },
    { kind: 'ill-unfilled', data: { ...about, reason: 'all-unfilled', suppliers } },
    { kind: 'ill-unfilled', data: { ...about, reason: 'no-supplier', suppliers: [] } },
    { kind: 'ill-unfilled', data: { ...about, reason: 'needed-by-passed', suppliers: [] } },
    { kind: 'ill-unfilled', data: { ...about, reason: 'not-obtained', suppliers: [], remark } },
    { kind: 'ill-cancelled', data: { ...about, remark } },
    { kind: 'ill-cancelled', data: about },
    { kind: 'ill-rejected', data: { ...about, remark } },
    {
      kind: 'ill-form',
      data: {
        ...about,
        fields: [
          { label: 'field-title', value: title },
          { label: 'field-author', value: author },
          { label: 'field-note', value: remark },
        ],
      },
    },
  ];
}

/** What is delivered, with everything that can be said of it; names and notes are theirs. */
function deliveries({ title, author, placeName, placeAddress, remark }: Words): NoticeContent[] {
  const delivered = {
    title,
    author,
    number: '2026-000012',
    supplier: placeName,
    dueAt: closing,
    place: [placeName, placeAddress],
    returnTo: placeAddress,
    conditions: [placeName],
    note: remark,
  };
  const document = { title, author, number: '2026-000012', downloads: 5, validUntil: closing };
  return [
    ...deliveryNotices.map((kind) => ({ kind, data: delivered })),
    { kind: 'ill-document', data: { ...document, link: 'https://library.example.jp/document-links/1#ab' } },
    { kind: 'ill-document', data: document },
    { kind: 'ill-document-held', data: { ...document, open: { amountMinor: 550, currency: 'JPY' } } },
    { kind: 'ill-document-expired', data: { ...document, keptUntil: closing } },
  ];
}

export const contents = contentsWith(words);
