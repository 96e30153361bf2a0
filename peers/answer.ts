import { readMessage } from '../iso18626/read.ts';
import type { Posted } from './post.ts';

/** What became of a message that was handed over. */
export type Answer =
  /** The other side has it. */
  | { readonly outcome: 'sent' }
  /** The other side has understood that it does not want it; sending it again would change nothing. */
  | { readonly outcome: 'refused'; readonly error: string }
  /** Nobody knows. It is sent again: a message that comes twice changes nothing. */
  | { readonly outcome: 'failed'; readonly error: string };

interface About {
  readonly name: string;
  readonly requestRef: string;
}

const failed = (error: string): Answer => ({ outcome: 'failed', error: error.slice(0, 1000) });

/**
 * Reads the answer to a message, as different systems give it: a confirmation with status 200 or 201; an ERROR with 200 or, as Koha does, with 400; names of errors that the standard does not
 * have. A request that the other side already has is as good as sent: the id of a request is never used twice, so it is ours that came before.
 */
export function answerOf({ status, body }: Posted, about: About): Answer {
  const { name, header, mistakes, message } = readMessage(body);
  const isConfirmation = name?.endsWith('Confirmation') ?? false;
  const duplicate = about.name === 'request' && status === 409;
  if (!isConfirmation) return duplicate ? { outcome: 'sent' } : failed(withoutConfirmation(status));
  const ref = header.requestingAgencyRequestId;
  if (ref !== undefined && ref !== about.requestRef) return failed('The answer confirms another request.');
  const positive = status >= 200 && status < 300;
  if (header.messageStatus === 'OK' && positive) return { outcome: 'sent' };
  if (header.messageStatus !== 'ERROR' || status >= 500) return failed(withoutConfirmation(status));
  const stated = message && 'errorData' in message.body ? message.body.errorData : undefined;
  const told = (stated ?? mistakes).map(({ errorType, errorValue }) => `${errorType}: ${errorValue ?? ''}`);
  const more = stated ? [] : textsOf(body, 'errorValue');
  const error = [...told, ...more].join('\n') || 'ERROR';
  if (status === 401 || status === 403 || /AuthenticationFailed/iu.test(error))
    return failed(`The other side does not take our secret. ${error}`);
  if (duplicate || (about.name === 'request' && /already|duplicate|exists/iu.test(error)))
    return { outcome: 'sent' };
  return { outcome: 'refused', error: error.slice(0, 1000) };
}

const withoutConfirmation = (status: number): string =>
  status === 401 || status === 403
    ? `The other side does not take our secret: HTTP ${status}.`
    : `The answer is no confirmation: HTTP ${status}.`;

/** Of what could not be understood, as it stands there. */
function textsOf(xml: string, element: string): string[] {
  const found = xml.matchAll(new RegExp(`<(?:[\\w.-]+:)?${element}>([^<]{1,300})<`, 'gu'));
  return [...found].map(([, text = '']) => text.trim());
}
