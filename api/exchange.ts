import type { Request, Response } from 'express';
import type { Language } from '../domain/languages.ts';
import { languages } from '../domain/languages.ts';
import type { Caller } from './caller.ts';

/** What is known of one request while it is answered. */
export interface Exchange {
  /** Names the request in the log, and in the answer's `X-Request-Id`. */
  readonly id: string;
  /** The template of the route that answers (`/v1/holds/:id`), for logs and figures; nothing personal. */
  route: string;
  caller?: Caller;
}

const exchanges = new WeakMap<Response, Exchange>();

export function begin(response: Response, exchange: Exchange): void {
  exchanges.set(response, exchange);
}

/** Throws when the middleware that begins an exchange has not run, which is a mistake in `app.ts`. */
export function exchangeOf(response: Response): Exchange {
  const exchange = exchanges.get(response);
  if (exchange === undefined) throw new Error('There is no exchange for this response.');
  return exchange;
}

/** English first: it is taken when the header is missing or asks for none of them. */
const offered: readonly Language[] = ['en', ...languages.filter((each) => each !== 'en')];

/** The language to answer in (G3): the signed-in reader's, else the best of `Accept-Language`, else English. */
export function languageOf(request: Request, response: Response): Language {
  const caller = exchanges.get(response)?.caller;
  if (caller?.kind === 'patron') return caller.language;
  const best = request.acceptsLanguages([...offered]);
  return offered.find((each) => each === best) ?? 'en';
}
