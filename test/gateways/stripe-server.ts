import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

interface Session {
  id: string;
  object: 'checkout.session';
  url: string;
  status: 'open' | 'complete' | 'expired';
  amount: number;
  currency: string;
  client_reference_id: string;
  metadata: Record<string, string>;
  payment_intent: object | null;
}

/** A server that answers as Stripe does, for what the adapter asks: form-encoded requests, idempotency keys, its errors. */
export async function openStripeServer() {
  const sessions = new Map<string, Session>();
  const replies = new Map<string, unknown>();
  const requests: { path: string; form: URLSearchParams; key: string | undefined }[] = [];
  const refunds: object[] = [];
  let lose = 0;

  const create = (form: URLSearchParams): Session => {
    const id = `cs_test_${sessions.size + 1}`;
    const session: Session = {
      id,
      object: 'checkout.session',
      url: `https://checkout.stripe.example/${id}`,
      status: 'open',
      amount: Number(form.get('line_items[0][price_data][unit_amount]')),
      currency: form.get('line_items[0][price_data][currency]') ?? '',
      client_reference_id: form.get('client_reference_id') ?? '',
      metadata: { payment: form.get('metadata[payment]') ?? '' },
      payment_intent: null,
    };
    sessions.set(id, session);
    return session;
  };
  const invalid = (code: string) => ({ error: { type: 'invalid_request_error', code, message: code } });

  const answer = (method: string, url: URL, form: URLSearchParams): [number, unknown] => {
    const [, , , part, id = '', action] = url.pathname.split('/');
    if (url.pathname === '/v1/charges') return [200, chargeList(sessions)];
    if (url.pathname === '/v1/refunds' && method === 'GET') return [200, { ...emptyList, data: refunds }];
    if (url.pathname === '/v1/refunds')
      return form.get('payment_intent') === 'pi_gone'
        ? [400, invalid('charge_already_refunded')]
        : [200, { id: 're_1', object: 'refund', status: 'succeeded' }];
    if (part !== 'sessions') return [404, invalid('resource_missing')];
    if (id === '') {
      if (Number(form.get('line_items[0][price_data][unit_amount]')) < 50)
        return [400, invalid('amount_too_small')];
      return [200, create(form)];
    }
    const session = sessions.get(id);
    if (!session) return [404, invalid('resource_missing')];
    if (action === 'expire') {
      if (session.status !== 'open') return [400, invalid('session_not_open')];
      session.status = 'expired';
    }
    return [200, session];
  };

  const server = createServer((request, response) => {
    void (async () => {
      const url = new URL(request.url ?? '/', 'http://stripe');
      const form = new URLSearchParams(await textOf(request));
      const key = request.headers['idempotency-key'] as string | undefined;
      requests.push({ path: url.pathname, form, key });
      const known = key === undefined ? undefined : replies.get(key);
      const [status, body] = known ? [200, known] : answer(request.method ?? '', url, form);
      if (key !== undefined && status === 200) replies.set(key, body);
      if (lose > 0) {
        lose -= 1;
        request.socket.destroy();
        return;
      }
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    })();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    sessions,
    /** What is listed as given back. */
    refunds,
    /** Loses the answers of the next requests, after they were done. */
    loseAnswers: (count: number) => (lose = count),
    pay: (id: string, amount = sessions.get(id)?.amount ?? 0) => {
      const session = sessions.get(id) as Session;
      session.status = 'complete';
      const { currency, metadata } = session;
      session.payment_intent = {
        id: `pi_${id}`,
        object: 'payment_intent',
        latest_charge: charge(`ch_${id}`, { amount, currency, metadata, intent: `pi_${id}` }),
      };
    },
    /** The payer has agreed to a debit that the bank decides on days later. */
    debit: (id: string, status: 'processing' | 'requires_payment_method') => {
      const session = sessions.get(id) as Session;
      session.status = 'complete';
      session.payment_intent = { id: `pi_${id}`, object: 'payment_intent', status, latest_charge: null };
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

interface Charged {
  readonly amount: number;
  readonly currency: string;
  readonly metadata: Record<string, string>;
  readonly intent: string;
}

function charge(id: string, { amount, currency, metadata, intent }: Charged) {
  return {
    id,
    object: 'charge',
    captured: true,
    status: 'succeeded',
    amount,
    amount_captured: amount,
    currency,
    metadata,
    payment_intent: intent,
    created: 1_800_000_000,
  };
}

const emptyList = { object: 'list', data: [], has_more: false, url: '/v1/refunds' };

function chargeList(sessions: ReadonlyMap<string, Session>) {
  const paid = [...sessions.values()].filter(({ status }) => status === 'complete');
  const data = paid.map(({ id, amount, currency, metadata }) =>
    charge(`ch_${id}`, { amount, currency, metadata, intent: `pi_${id}` }),
  );
  return { object: 'list', data, has_more: false, url: '/v1/charges' };
}

async function textOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString('utf8');
}
