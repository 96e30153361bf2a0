import { cleanLines } from './clean.ts';
import type {
  RequestAskedData,
  RequestData,
  RequestFormData,
  RequestRemarkData,
  RequestUnfilledData,
} from './content.ts';
import { type Block, facts, type NoticeBody, type Pair, paragraph } from './document.ts';
import { formatMoney } from './formats.ts';
import type { Speaker } from './speaker.ts';

const longestRemark = 4_000;

function about(speaker: Speaker, { title, author, number }: RequestData): Pair[] {
  return [...speaker.about({ title, author }), [speaker.fact('request-number'), number]];
}

const remarkOf = (remark: string | null | undefined): string[] =>
  remark ? cleanLines(remark, longestRemark) : [];

/** What needs no more than its words: submitted, promised, a cancellation that came too late. */
export function requestWords(speaker: Speaker, data: RequestData): NoticeBody {
  const { say } = speaker;
  return {
    subject: say('subject', data),
    blocks: [...paragraph(say('opening')), facts(...about(speaker, data)), ...paragraph(say('closing'))],
  };
}

/** Rejected, or given up: with what the librarian wrote. */
export function requestRemark(speaker: Speaker, data: RequestRemarkData): NoticeBody {
  const { say } = speaker;
  return {
    subject: say('subject', data),
    blocks: [
      ...paragraph(say('opening')),
      facts(...about(speaker, data)),
      ...paragraph(...remarkOf(data.remark), say('closing')),
    ],
  };
}

function list(items: readonly string[]): Block[] {
  return items.length > 0 ? [{ is: 'list', items }] : [];
}

/** What a supplier asks, and until when the reader answers. */
export function requestAsked(speaker: Speaker, data: RequestAskedData): NoticeBody {
  const { say, fact, language, until } = speaker;
  return {
    subject: say('subject', data),
    blocks: [
      ...paragraph(say('opening'), say(data.what)),
      ...list([...data.conditions, ...(data.reason === undefined ? [] : [data.reason])]),
      facts(
        ...about(speaker, data),
        [fact('request-price'), data.price && formatMoney(language, data.price)],
        [fact('answer-until'), data.until === undefined ? undefined : until(data.until)],
      ),
      ...paragraph(say('closing')),
    ],
  };
}

/** It could not be obtained (I8, I10): every supplier's reason. */
export function requestUnfilled(speaker: Speaker, data: RequestUnfilledData): NoticeBody {
  const { say } = speaker;
  return {
    subject: say('subject', data),
    blocks: [
      ...paragraph(say('opening'), data.reason === 'not-obtained' ? undefined : say(data.reason)),
      facts(...about(speaker, data)),
      ...(data.suppliers.length > 0 ? paragraph(say('suppliers')) : []),
      ...list(data.suppliers.map(({ name, why }) => say('supplier', { name, why }))),
      ...paragraph(...remarkOf(data.remark), say('closing')),
    ],
  };
}

/** The form as the librarian gets it who obtains it by hand (I3); with the reader's name and how to reach them. */
export function requestForm(speaker: Speaker, data: RequestFormData): NoticeBody {
  const { say } = speaker;
  return {
    subject: say('subject', data),
    blocks: [
      ...paragraph(say('opening')),
      facts(...data.fields.map(({ label, value }): Pair => [say(label), value])),
      ...paragraph(say('closing')),
    ],
  };
}
