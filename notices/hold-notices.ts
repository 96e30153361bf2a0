import { isCancelReason } from './codes.ts';
import type { CancelledData, LapsedData, PassedOverData, PlacedData, SecuredData } from './content.ts';
import { facts, listOf, type NoticeBody, paragraph } from './document.ts';
import type { Speaker } from './speaker.ts';

export function placed(speaker: Speaker, data: PlacedData): NoticeBody {
  const { say, fact, shared } = speaker;
  const { contact, queuePosition } = data;
  return {
    subject: say('subject', data),
    blocks: [
      ...paragraph(say('opening')),
      facts(
        ...speaker.about(data),
        [fact('queue-position'), String(queuePosition)],
        [fact('place'), data.placeName],
        [fact('contact'), contact && shared(`contact.${contact}`)],
      ),
      ...paragraph(contact && say(`contact-${contact}`), say('closing'), shared('notice.list')),
    ],
  };
}

function keepRule({ say }: Speaker, { keepUntil, keepDays, contact }: SecuredData): string {
  if (keepUntil !== undefined) return say('lapse');
  if (contact === 'phone') return say('keep-after-call');
  return keepDays === undefined ? say('keep-in-account') : say('keep-days', { count: keepDays });
}

export function secured(speaker: Speaker, data: SecuredData): NoticeBody {
  const { say, fact, until } = speaker;
  return {
    subject: say('subject', data),
    blocks: [
      ...paragraph(say('opening')),
      facts(
        ...speaker.about(data),
        [fact('place'), data.placeName],
        [fact('address'), data.placeAddress],
        [
          fact('visit'),
          data.visitAt === undefined ? undefined : fact('visit-value', { visitAt: data.visitAt }),
        ],
        [fact('keep-until'), data.keepUntil === undefined ? undefined : until(data.keepUntil)],
        [fact('due'), data.dueAt === undefined ? undefined : speaker.day(data.dueAt)],
      ),
      ...listOf(data.placeLines),
      ...(data.conditions?.length ? paragraph(speaker.shared('delivery.conditions')) : []),
      ...listOf(data.conditions),
      ...paragraph(keepRule(speaker, data), say('closing')),
    ],
  };
}

export function lapsed(speaker: Speaker, data: LapsedData): NoticeBody {
  const { say, fact, until } = speaker;
  return {
    subject: say('subject', data),
    blocks: [
      ...paragraph(say('opening')),
      facts(...speaker.about(data), [fact('was-kept-until'), until(data.wasKeptUntil)]),
      ...paragraph(say('closing')),
    ],
  };
}

export function cancelled(speaker: Speaker, data: CancelledData): NoticeBody {
  const { say, fact, shared } = speaker;
  return {
    subject: say('subject', data),
    blocks: [
      ...paragraph(say('opening')),
      facts(
        ...speaker.about(data),
        [fact('reason'), isCancelReason(data.reason) ? shared(`cancelReason.${data.reason}`) : undefined],
        [fact('remark'), data.remark],
      ),
      ...paragraph(say(data.reason === 'by-reader' ? 'closing-by-reader' : 'closing')),
    ],
  };
}

/** Passed over is a reader who could not be served, and one whose copy was lost or withdrawn before it could be collected. */
export function passedOver(speaker: Speaker, data: PassedOverData): NoticeBody {
  const { say, explain } = speaker;
  const item = data.reasons.every(({ code }) => code.startsWith('item-')) ? '-item' : '';
  return {
    subject: say(`subject${item}`, data),
    blocks: [
      ...paragraph(say(`opening${item}`)),
      facts(...speaker.about(data)),
      ...paragraph(say('why')),
      { is: 'list', items: data.reasons.map(explain) },
      ...paragraph(say(`closing${item}`)),
    ],
  };
}
