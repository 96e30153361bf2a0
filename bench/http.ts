import { randomUUID } from 'node:crypto';

export interface Answered {
  readonly status: number;
  // oxlint-disable-next-line typescript/no-explicit-any -- the benchmark reads two fields of it
  readonly body: any;
}

/** A request as a portal makes it; throws when the answer is none of the 200s. */
export async function request(url: string, method: string, token: string, body?: object): Promise<Answered> {
  const response = await fetch(url, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      'idempotency-key': randomUUID(),
    },
    ...(body && { body: JSON.stringify(body) }),
  });
  const answer = { status: response.status, body: await response.json() };
  if (response.status === 202) throw new Error(`${method} ${url}: no worker answered in time`);
  if (!response.ok) throw new Error(`${method} ${url}: ${response.status} ${JSON.stringify(answer.body)}`);
  return answer;
}
