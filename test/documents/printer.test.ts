import { afterAll, expect, test } from '@jest/globals';
import { createPrinter } from '../../documents/printer.ts';
import { printTransferForm } from '../../documents/transfer-form.ts';
import { policies, texts } from '../support/made-once.ts';

const printer = createPrinter('locales');
const zju = policies.get('zju');
const form = {
  payee: { unit: '图书馆', departmentCode: '188610', projectCode: '669105' },
  purpose: '文献传递费',
  amountMinor: 140_950,
  currency: 'CNY',
  reference: 'K7Q2-9XYZ',
  madeAt: new Date('2026-11-21T16:30:00Z'),
};

afterAll(() => printer.close());

test('P4 a form is printed in a thread, byte by byte as it would be here, while the process goes on answering', async () => {
  let turns = 0;
  const turning = setInterval(() => (turns += 1), 1);
  const printed = await printer.transferForm(zju, form);
  clearInterval(turning);
  expect(turns).toBeGreaterThan(20);
  expect(printed.equals(await printTransferForm(texts, zju, form))).toBe(true);
});

test('P4 what cannot be printed is refused, and the next is printed', async () => {
  const nowhen = { ...form, madeAt: new Date(Number.NaN) };
  await expect(printer.transferForm(zju, nowhen)).rejects.toThrow('Non-finite number');
  expect((await printer.transferForm(zju, form)).subarray(0, 5).toString()).toBe('%PDF-');
});
