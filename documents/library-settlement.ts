import type { SettlementLineRow, SettlementRow } from '../db/queries/ill-settlements.ts';
import type { LibraryPolicy } from '../domain/policy.ts';
import { peerName } from '../domain/policy-peers.ts';
import { cleanLine } from '../notices/clean.ts';
import { formatMoney, longDay } from '../notices/formats.ts';
import type { Texts } from '../notices/texts.ts';
import { facesFor } from './faces.ts';
import { createFlow } from './flow.ts';
import { createSheet } from './sheet.ts';

/**
 * Writes what two libraries have supplied to each other in a period, as one of them states it (I17), as PDF in the library's language: each thing by the number both know
 * it by, and the sum. The same rows make the same bytes.
 */
export function printSettlement(
  texts: Texts,
  policy: LibraryPolicy,
  row: SettlementRow,
  lines: readonly SettlementLineRow[],
): Promise<Buffer> {
  const { language, timeZone } = policy;
  const { currency, number } = row;
  const say = (key: string, data: object = {}) => texts.t(language, key, { timeZone, ...data });
  const money = (minor: string) => formatMoney(language, { amountMinor: Number(minor), currency });
  const title = say('librarySettlement.title');
  const sheet = createSheet(facesFor(language, language), {
    title: `${title} ${number}`,
    author: policy.name[language],
    language,
    createdAt: new Date(row.drawnAt),
  });
  const flow = createFlow(sheet, (page, pages) => `${number} · ${say('document.page', { page, pages })}`);
  flow.text(policy.name[language], { size: 13, weight: 'bold' });
  for (const line of [policy.phone, policy.website]) flow.text(line, { size: 9 });
  flow.space(26);
  flow.text(title, { size: 22, weight: 'bold' });
  flow.space(16);
  flow.fact(say('document.number'), number);
  flow.fact(say('document.to'), peerName(policy, row.peer, language));
  flow.fact(
    say('librarySettlement.period'),
    `${longDay(language, row.fromOn)} – ${longDay(language, row.toOn)}`,
  );
  flow.space(16);
  flow.tableHead(say('document.item'), say('document.amount'));
  for (const line of lines) {
    if (line.state === 'left-out') continue;
    const what = say(`librarySettlement.line.${line.side}`, {
      service: say(`librarySettlement.service.${line.service}`),
    });
    const kind = line.kind === 'shipped' ? '' : ` (${say(`librarySettlement.kind.${line.kind}`)})`;
    flow.row(`${cleanLine(line.reference, 80)} · ${what}${kind}`, money(line.amount), { size: 10 });
  }
  flow.total(say('document.total'), money(row.total));
  flow.space(12);
  flow.text(say(`librarySettlement.sum.${sumOf(row.total)}`), { size: 10 });
  return flow.finish();
}

/** Who pays whom, for texts. */
export const sumOf = (total: string | number): 'they-pay' | 'we-pay' | 'nothing' =>
  Number(total) > 0 ? 'they-pay' : Number(total) < 0 ? 'we-pay' : 'nothing';
