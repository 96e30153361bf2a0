import { randomUUID } from 'node:crypto';

export interface Answered {
  readonly status: number;
  // oxlint-disable-next-line typescript/no-explicit-any -- the benchmark reads two fields of it
  readonly body: any;
}

/** A request as a portal makes it: told to wait, or to come again later, it asks again under the same key. Throws when the answer is none of the 200s. */
export async function request(url: string, method: string, token: string, body?: object): Promise<Answered> {
  const headers = {
    authorization: `Bearer ${token}`,
    'content-type': 'application/json',
    'idempotency-key': randomUUID(),
  };
  for (;;) {
    const response = await fetch(url, { method, headers, ...(body && { body: JSON.stringify(body) }) });
    const answer = { status: response.status, body: await response.json() };
    if (response.status === 503) continue;
    if (!response.ok) throw new Error(`${method} ${url}: ${response.status} ${JSON.stringify(answer.body)}`);
    if (response.status !== 202) return answer;
  }
}
