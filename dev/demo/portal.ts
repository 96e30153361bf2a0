import { randomUUID } from 'node:crypto';

/** An answer as the story needs it. */
export interface Answer {
  readonly status: number;
  // oxlint-disable-next-line typescript/no-explicit-any -- the story reads a few fields of many shapes
  readonly body: any;
}

/** The first thing that is not as the story has it; ends the demo. */
export class Surprise extends Error {
  override readonly name = 'Surprise';
}

/** A body of bytes is a PDF; of an answer that is a file the body tells how many bytes it has. */
export type Ask = (method: string, path: string, body?: object) => Promise<Answer>;

const contentType = (body: object) => (body instanceof Uint8Array ? 'application/pdf' : 'application/json');

async function bodyOf(response: Response): Promise<unknown> {
  if (response.headers.get('content-type')?.includes('json')) return response.json().catch(() => undefined);
  return { bytes: (await response.arrayBuffer()).byteLength };
}

/** A portal through which one person acts: signed in, in their language. */
export function openPortal(url: string, language: string, token?: string): Ask {
  return async (method, path, body) => {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: {
        'accept-language': language,
        'idempotency-key': randomUUID(),
        ...(token && { authorization: `Bearer ${token}` }),
        ...(body && { 'content-type': contentType(body) }),
      },
      ...(body && { body: body instanceof Uint8Array ? Buffer.from(body) : JSON.stringify(body) }),
    }).catch((error: Error) => {
      throw new Surprise(`${url} does not answer (${error.message}). Is it running? npm start`);
    });
    return { status: response.status, body: await bodyOf(response) };
  };
}

/** The body of an answer that has the status the story expects. */
// oxlint-disable-next-line typescript/no-explicit-any -- see Answer
export async function expectStatus(status: number, asked: Promise<Answer>): Promise<any> {
  const answer = await asked;
  if (answer.status === status) return answer.body;
  throw new Surprise(`expected status ${status}, got ${answer.status}: ${JSON.stringify(answer.body)}`);
}

/** A refusal with exactly these reasons; returns how they are worded. */
export async function expectRefusal(asked: Promise<Answer>, ...codes: string[]): Promise<string> {
  const { reasons } = await expectStatus(409, asked);
  const given = (reasons as { code: string; detail: string }[]).map(({ code }) => code);
  if (given.join() !== codes.join())
    throw new Surprise(`expected ${codes.join(', ')}, got ${given.join(', ')}`);
  return (reasons as { detail: string }[]).map(({ detail }) => detail).join(' ');
}

export function expectThat(holds: boolean, what: string): void {
  if (!holds) throw new Surprise(`expected ${what}`);
}

/** Asks every half second until the answer is as expected. */
export async function waitFor<T>(
  what: string,
  seconds: number,
  ask: () => Promise<T | undefined>,
): Promise<T> {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const found = await ask();
    if (found !== undefined) return found;
    if (Date.now() > end) throw new Surprise(`${what} did not come about within ${seconds} s`);
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}
