import type { Client as Database } from 'pg';
import type { Asked, PortalClient, Reply } from './client.ts';

const is = (path: RegExp, status: number) => (asked: Asked) =>
  path.test(asked.path) && asked.reply?.status === status;

const placed = is(/^\/v1\/holds$/, 201);
const lent = is(/check-outs$/, 201);
const renewed = is(/renewals$/, 201);
const cancelled = is(/cancellations$/, 200);

/** What was answered and what is on record, compared both ways: every promise was kept, and nothing happened that nobody asked for. */
export async function compareWithRows(database: Database, asked: readonly Asked[]): Promise<string[]> {
  const ids = async (sql: string) => (await database.query<{ id: string }>(sql)).rows.map(({ id }) => id);
  const answered = (fits: (each: Asked) => boolean, idOf: (reply: Reply) => string) =>
    asked.filter(fits).flatMap(({ reply }) => (reply ? [idOf(reply)] : []));
  return [
    ...differences(
      'hold',
      answered(placed, ({ body }) => body.id),
      await ids('select id from hold'),
    ),
    ...differences(
      'loan',
      answered(lent, ({ body }) => body.id),
      await ids('select id from loan'),
    ),
    ...differences(
      'renewal',
      answered(renewed, ({ body }) => `${body.loanId} to ${new Date(body.dueAt).toISOString()}`),
      await ids(
        `select subject_id || ' to ' || (detail ->> 'after') as id from event where kind = 'renewed'`,
      ),
    ),
    ...differences(
      'cancellation',
      answered(cancelled, ({ body }) => body.lines[0].holdId),
      await ids(`select id from hold where state = 'cancelled'`),
    ),
  ];
}

function differences(what: string, answered: readonly string[], rows: readonly string[]): string[] {
  const missing = answered
    .filter((id) => !rows.includes(id))
    .map((id) => `${what} ${id} was answered and is not there`);
  const unasked = rows
    .filter((id) => !answered.includes(id))
    .map((id) => `${what} ${id} is there and was not answered`);
  const twice = answered.length - new Set(answered).size;
  return [...missing, ...unasked, ...(twice > 0 ? [`${twice} answers name the same ${what}`] : [])];
}

/** What of an answer stays the same for ever; the rest tells how things stand now. */
function essence({ status, body }: Reply): string {
  const { id, loanId, dueAt, do: instruction, hold, outcome } = body;
  const lines = body.lines?.map((line: { holdId: string; outcome: string }) => [line.holdId, line.outcome]);
  const reasons = body.reasons?.map(({ code }: { code: string }) => code);
  const renewedTo = loanId && dueAt;
  return JSON.stringify([status, id, loanId, renewedTo, instruction, hold?.id, outcome, lines, reasons]);
}

/** Asks everything once more with the same keys, a few at a time: the answers must be the same and nothing new may happen. */
export async function askAgain(client: PortalClient): Promise<{ asked: number; different: string[] }> {
  const answered = client.asked.filter(({ reply }) => reply !== undefined);
  const different: string[] = [];
  const queue = [...answered];
  const worker = async () => {
    for (let request = queue.pop(); request; request = queue.pop()) {
      const before = essence(request.reply as Reply);
      const now = essence(await client.again(request));
      if (now !== before) different.push(`${request.path} (${request.key}): ${before}, then ${now}`);
    }
  };
  await Promise.all(Array.from({ length: 6 }, worker));
  return { asked: answered.length, different };
}
