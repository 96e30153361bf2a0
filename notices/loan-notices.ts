import type { DueSoonData, OverdueData } from './content.ts';
import { facts, type NoticeBody, paragraph } from './document.ts';
import { formatMoney } from './formats.ts';
import type { Speaker } from './speaker.ts';

export function dueSoon(speaker: Speaker, data: DueSoonData): NoticeBody {
  const { say, fact, until, shared } = speaker;
  return {
    subject: say('subject', data),
    blocks: [
      ...paragraph(say('opening')),
      facts(...speaker.about(data), [fact('due'), until(data.dueAt)]),
      ...paragraph(say(data.renewable ? 'renewable' : 'not-renewable'), shared('notice.list')),
    ],
  };
}

export function overdue(speaker: Speaker, data: OverdueData): NoticeBody {
  const { say, fact, day, language } = speaker;
  const again = data.step > 1 ? '-again' : '';
  return {
    subject: say(`subject${again}`, data),
    blocks: [
      ...paragraph(say(`opening${again}`)),
      facts(
        ...speaker.about(data),
        [fact('was-due'), day(data.dueAt)],
        [fact('fee'), data.fee && formatMoney(language, data.fee)],
      ),
      ...paragraph(say('closing')),
    ],
  };
}
