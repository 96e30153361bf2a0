import { setTimeout as sleep } from 'node:timers/promises';
import { v7 as uuid } from 'uuid';

// oxlint-disable-next-line typescript/no-explicit-any -- replies of every shape are looked into
type Body = any;

export interface Reply {
  readonly status: number;
  readonly body: Body;
}

/** One thing a reader or desk asked for, and what came back, however often it had to be asked. */
export interface Asked {
  readonly token: string;
  readonly path: string;
  readonly body: unknown;
  readonly key: string;
  tries: number;
  /** Its last and only final answer. */
  reply?: Reply;
}

/** How often the service did not answer, and how. */
export interface Hindrances {
  lostConnections: number;
  unavailable: number;
  accepted: number;
  /** Answers that should not occur at all, 5xx other than 503, and how often each did. */
  readonly faults: Map<string, number>;
}

interface Request {
  readonly method?: string;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

function count(counts: Map<string, number>, what: string): void {
  const general = what.replaceAll(/[0-9a-f-]{36}/g, '…');
  counts.set(general, (counts.get(general) ?? 0) + 1);
}

const patienceMs = 200_000;

/** Asks as a careful portal does: the same request with the same key until there is a final answer. */
export function createClient(url: string) {
  const asked: Asked[] = [];
  const hindrances: Hindrances = { lostConnections: 0, unavailable: 0, accepted: 0, faults: new Map() };

  async function once(token: string, path: string, init: Request = {}): Promise<Reply | undefined> {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...init.headers };
    try {
      const signal = AbortSignal.timeout(20_000);
      const response = await fetch(`${url}${path}`, { ...init, headers, signal });
      const text = await response.text();
      return { status: response.status, body: text === '' ? undefined : JSON.parse(text) };
    } catch {
      hindrances.lostConnections += 1;
      return undefined;
    }
  }

  /** Whether the answer is final; what is not is counted. */
  function isFinal(path: string, reply: Reply | undefined): reply is Reply {
    if (!reply) return false;
    if (reply.status === 202 || reply.body?.lines?.[0]?.outcome === 'accepted') hindrances.accepted += 1;
    else if (reply.status === 503) hindrances.unavailable += 1;
    else if (reply.status >= 500) count(hindrances.faults, `${path} ${reply.status} ${reply.body?.code}`);
    else return true;
    return false;
  }

  async function insist(path: string, attempt: () => Promise<Reply | undefined>): Promise<Reply> {
    const end = Date.now() + patienceMs;
    for (;;) {
      const reply = await attempt();
      if (isFinal(path, reply)) return reply;
      if (Date.now() > end) throw new Error(`${path} was never answered`);
      await sleep(300 + Math.random() * 700);
    }
  }

  const repeat = ({ token, path, body, key }: Asked) =>
    once(token, path, {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { 'idempotency-key': key },
    });

  return {
    asked,
    hindrances,
    post: async (token: string, path: string, body: unknown): Promise<Reply> => {
      const request: Asked = { token, path, body, key: uuid(), tries: 0 };
      asked.push(request);
      request.reply = await insist(path, () => {
        request.tries += 1;
        return repeat(request);
      });
      return request.reply;
    },
    get: (token: string, path: string): Promise<Reply> => insist(path, () => once(token, path)),
    /** The same request once more, long after it was answered. */
    again: (request: Asked): Promise<Reply> => insist(request.path, () => repeat(request)),
  };
}

export type PortalClient = ReturnType<typeof createClient>;
