import { randomUUID } from 'node:crypto';
import type { RequestHandler, Response } from 'express';
import type { ApiDeps } from './deps.ts';
import { begin, exchangeOf } from './exchange.ts';

/** What is told of every answered request. */
export interface Answered {
  readonly method: string;
  /** The route's template, or `unknown`. */
  readonly route: string;
  readonly status: number;
  readonly milliseconds: number;
}

/** Gives every request a name, and tells about it once it is answered or given up. No path, no query, no address: those can be personal. */
export function observe(logger: ApiDeps['logger'], tell: (answered: Answered) => void): RequestHandler {
  const told = (response: Response, answered: Answered) => {
    const { id, caller } = exchangeOf(response);
    const level = answered.status >= 500 ? 'warn' : 'info';
    const who = caller === undefined ? {} : { actor: caller.actor, library: caller.library };
    logger[level]({ requestId: id, ...answered, ...who }, 'request');
    tell(answered);
  };

  return (request, response, next) => {
    const started = performance.now();
    const id = randomUUID();
    begin(response, { id, route: 'unknown' });
    response.setHeader('X-Request-Id', id);
    response.once('close', () => {
      told(response, {
        method: request.method,
        route: exchangeOf(response).route,
        status: response.writableFinished ? response.statusCode : 499,
        milliseconds: Math.round((performance.now() - started) * 10) / 10,
      });
    });
    next();
  };
}
