import { cleanTexts } from './clean.ts';
import type { DeliveryData, DocumentDeliveryData } from './delivery-content.ts';
import { facts, listOf, type NoticeBody, type Pair, paragraph } from './document.ts';
import { formatMoney } from './formats.ts';
import type { Speaker } from './speaker.ts';
import { webAddress } from './web-address.ts';

const longestValue = 300;

function whatItIs({ about, shared }: Speaker, data: DeliveryData): Pair[] {
  return [
    ...about(data),
    [shared('delivery.number'), data.number],
    [shared('delivery.supplier'), data.supplier],
  ];
}

function dueBack({ fact, day }: Speaker, { dueAt }: DeliveryData): Pair {
  return [fact('due'), dueAt === undefined ? undefined : day(dueAt)];
}

/** What became of something that another library has sent, and what to do now (I9, I13). */
export function deliveryNotice(speaker: Speaker, data: DeliveryData): NoticeBody {
  const { say, shared } = speaker;
  return {
    subject: say('subject', data),
    blocks: [
      ...paragraph(say('opening')),
      facts(
        ...whatItIs(speaker, data),
        dueBack(speaker, data),
        [shared('delivery.charged'), data.charged && formatMoney(speaker.language, data.charged)],
        [shared('delivery.note'), data.note],
        [shared('delivery.return-to'), data.returnTo],
      ),
      ...listOf(data.place),
      ...(data.conditions?.length ? paragraph(shared('delivery.conditions')) : []),
      ...listOf(data.conditions),
      ...paragraph(say('closing')),
    ],
  };
}

/** A document that waits to be paid, is there, or whose link has run out (I14, I16). */
export function documentNotice(speaker: Speaker, { link, ...given }: DocumentDeliveryData): NoticeBody {
  // What goes with a secret is cleaned here, so that the link stays what it is.
  const data = cleanTexts(given, longestValue);
  const { say, shared, until, language } = speaker;
  const { validUntil, keptUntil, downloads, open } = data;
  const url = link === undefined ? undefined : webAddress(link);
  return {
    subject: say('subject', data),
    blocks: [
      ...paragraph(say('opening')),
      ...(url === undefined ? [] : [{ is: 'link', label: shared('delivery.link'), url } as const]),
      facts(
        ...whatItIs(speaker, data),
        [shared('delivery.open'), open && formatMoney(language, open)],
        [shared('delivery.valid-until'), validUntil === undefined ? undefined : until(validUntil)],
        [shared('delivery.downloads'), downloads === undefined ? undefined : String(downloads)],
        [shared('delivery.kept-until'), keptUntil === undefined ? undefined : until(keptUntil)],
      ),
      ...paragraph(say('closing'), shared('delivery.copyright')),
    ],
  };
}
