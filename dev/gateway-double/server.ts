import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { createBooks, type DoubleCheckout, settlementFile, stateOf } from './books.ts';
import { createNotifier, type Notifying, type Sending } from './notifier.ts';
import { actions, checkoutPage, type PageAction } from './page.ts';
import { readBooks, writeBooks } from './store.ts';

export type Operation = 'begin' | 'read' | 'close' | 'refund' | 'list';

/** How a request is treated: `lose`, done and its answer lost; `fail`, 500 and nothing done; a delay before the answer; `refuse`. */
export type Answering = (
  operation: Operation,
  paymentId: string | undefined,
) => 'lose' | 'fail' | 'refuse' | { readonly delayMs: number } | undefined;

export interface DoubleOptions {
  readonly key: string;
  readonly secret: string;
  /** 0, the default, takes any free port. */
  readonly port?: number;
  /** Where what it knows is kept between two starts. */
  readonly file?: string;
  readonly clock?: () => number;
  readonly retries?: readonly number[];
}

const checkoutRequest = z.object({
  paymentId: z.uuid(),
  library: z.string(),
  amountMinor: z.int().min(1),
  currency: z.string().length(3),
  description: z.string(),
  language: z.string(),
  expiresAt: z.number(),
  returnUrl: z.url(),
  notifyUrl: z.url(),
});

const refundRequest = z.object({ refundId: z.string(), captureRef: z.string(), amountMinor: z.int().min(1) });

const pageSize = 100;

/**
 * A small HTTP server that behaves like a payment service – a checkout page, an API, signed notifications, a settlement file – and can be told to behave like a bad
 * one. For development and tests; no money moves.
 */
export async function openGatewayDouble(options: DoubleOptions) {
  const { key, secret, clock = Date.now, file, retries } = options;
  const books = createBooks(file === undefined ? [] : await readBooks(file));
  const notifier = createNotifier({ secret, clock, ...(retries && { retries }) });
  let notifying: Notifying = () => ({});
  let answering: Answering = () => undefined;
  let url = '';

  const bodyOf = ({ captures, ref, ...checkout }: DoubleCheckout) => ({
    ref,
    url: `${url}/checkout/${ref}`,
    state: stateOf({ ...checkout, ref, captures }, clock()),
    captures,
  });
  const found = (ref: string): DoubleCheckout => {
    const checkout = books.find(ref);
    if (!checkout) throw new HttpError(404);
    return checkout;
  };
  const save = () => (file === undefined ? undefined : writeBooks(file, books.all()));

  const pay = (checkout: DoubleCheckout, amountMinor: number, sending?: Sending, currency?: string) => {
    const money = books.take(checkout, amountMinor, clock(), currency);
    notifier.notify(checkout, 'checkout.paid', sending ?? notifying);
    return money;
  };
  const close = (checkout: DoubleCheckout) => {
    checkout.closed ||= checkout.captures.length === 0;
  };
  const atPage: Readonly<Record<PageAction, (checkout: DoubleCheckout) => void>> = {
    pay: (checkout) => void pay(checkout, checkout.amountMinor),
    decline: (checkout) => void notifier.notify(checkout, 'checkout.declined', notifying),
    leave: () => undefined,
    'pay-twice': (checkout) => {
      pay(checkout, checkout.amountMinor);
      pay(checkout, checkout.amountMinor);
    },
    'pay-more': (checkout) => void pay(checkout, checkout.amountMinor + 1),
    'pay-late': (checkout) => {
      close(checkout);
      pay(checkout, checkout.amountMinor, { delayMs: 3_000 });
    },
    'pay-silently': (checkout) => void pay(checkout, checkout.amountMinor, { copies: 0 }),
  };

  const refund = (body: unknown) => {
    const { captureRef, ...given } = refundRequest.parse(body);
    const made = books.refund(captureRef, { ...given, at: clock() });
    if ('refused' in made) return { status: 422, body: made };
    return { status: 201, body: { ref: made.ref } };
  };
  const list = ({ searchParams }: URL) => {
    const [from, to] = [Number(searchParams.get('from')), Number(searchParams.get('to'))];
    const all = books
      .all()
      .flatMap(({ paymentId, captures, refunds }) => [
        ...captures.map((money) => ({ ...money, paymentId })),
        ...refunds.map(({ captureRef, refundId, ...money }) => ({
          ...money,
          paymentId,
          refund: { of: captureRef, refundId },
        })),
      ])
      .filter(({ at }) => at >= from && at < to)
      .toSorted((a, b) => (a.ref < b.ref ? -1 : 1));
    const items = all.filter(({ ref }) => ref > (searchParams.get('after') ?? '')).slice(0, pageSize);
    return { items, next: items.length === pageSize ? (items.at(-1)?.ref ?? null) : null };
  };

  async function api(request: IncomingMessage, response: ServerResponse, asked: URL): Promise<void> {
    if (request.headers.authorization !== `Bearer ${key}`) throw new HttpError(401);
    const [, , resource, ref = '', part] = asked.pathname.split('/');
    const body = request.method === 'POST' ? jsonOf(await textOf(request)) : undefined;
    const operation = operationOf(request.method ?? '', resource ?? '', part);
    const paymentId = (body as { paymentId?: string } | undefined)?.paymentId ?? books.find(ref)?.paymentId;
    const treatment = answering(operation, paymentId);
    if (treatment === 'fail') throw new HttpError(500);
    if (treatment === 'refuse') return json(response, 422, { refused: 'told-to' });
    const { status, body: answer } = perform(operation, { body, ref, asked });
    await save();
    if (treatment === 'lose') return void request.socket.destroy();
    if (typeof treatment === 'object') await delay(treatment.delayMs, undefined, { ref: false });
    json(response, status, answer);
  }

  function perform(
    operation: Operation,
    { body, ref, asked }: { readonly body: unknown; readonly ref: string; readonly asked: URL },
  ): { status: number; body: unknown } {
    if (operation === 'begin') return { status: 201, body: bodyOf(books.begin(checkoutRequest.parse(body))) };
    if (operation === 'refund') return refund(body);
    if (operation === 'list') return { status: 200, body: list(asked) };
    const checkout = found(ref);
    if (operation === 'close') close(checkout);
    return { status: 200, body: bodyOf(checkout) };
  }

  async function page(request: IncomingMessage, response: ServerResponse, asked: URL): Promise<void> {
    const checkout = found(asked.pathname.split('/')[2] ?? '');
    if (request.method !== 'POST') return html(response, checkoutPage(checkout, stateOf(checkout, clock())));
    const wanted = new URLSearchParams(await textOf(request)).get('do');
    const action = actions.find((each) => each === wanted);
    if (!action || stateOf(checkout, clock()) !== 'open') throw new HttpError(409);
    atPage[action](checkout);
    await save();
    response.writeHead(303, { location: checkout.returnUrl }).end();
  }

  async function reply(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const asked = new URL(request.url ?? '/', 'http://double');
    if (asked.pathname.startsWith('/checkout/')) return page(request, response, asked);
    if (asked.pathname.startsWith('/api/settlements/')) {
      if (request.headers.authorization !== `Bearer ${key}`) throw new HttpError(401);
      response.writeHead(200, { 'content-type': 'text/csv; charset=utf-8' });
      return void response.end(settlementFile(books, asked.pathname.split('/')[3]?.slice(0, 10) ?? ''));
    }
    if (asked.pathname.startsWith('/api/')) return api(request, response, asked);
    throw new HttpError(404);
  }

  const server = createServer((request, response) => {
    reply(request, response).catch((error: unknown) => {
      response.writeHead(error instanceof HttpError ? error.status : 400).end();
    });
  });
  server.listen(options.port ?? 0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    books,
    notifier,
    pay,
    close,
    /** Changes how notifications are sent and requests answered from now on; no argument: well. */
    behave(notifications: Notifying = () => ({}), answers: Answering = () => undefined) {
      notifying = notifications;
      answering = answers;
    },
    stop: async () => {
      await notifier.stop();
      server.closeAllConnections();
      server.close();
      await once(server, 'close').catch(() => undefined);
    },
  };
}

export type GatewayDouble = Awaited<ReturnType<typeof openGatewayDouble>>;

class HttpError extends Error {
  readonly status: number;

  constructor(status: number) {
    super(String(status));
    this.status = status;
  }
}

function operationOf(method: string, resource: string, part: string | undefined): Operation {
  if (resource === 'checkouts' && method === 'POST') return part === 'closing' ? 'close' : 'begin';
  if (resource === 'checkouts') return 'read';
  if (resource === 'refunds' && method === 'POST') return 'refund';
  if (resource === 'payments') return 'list';
  throw new HttpError(404);
}

async function textOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString('utf8');
}

function jsonOf(text: string): unknown {
  return text === '' ? {} : JSON.parse(text);
}

function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

function html(response: ServerResponse, text: string): void {
  const policy = "default-src 'none'; style-src 'unsafe-inline'; form-action 'self' http: https:";
  response
    .writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': policy })
    .end(text);
}
