import { epochMs } from '../../db/prepared.ts';
import { reader, type Tx } from '../../db/transaction.ts';
import type { ActivityDeps } from '../deps.ts';
import type { LineId, QueuedMessage } from './record.ts';

/** The line to another agency, as far as sending goes. */
export interface Line extends LineId {
  /** Staff hold it back. */
  readonly paused: boolean;
  /** It waits after a failure; epoch milliseconds. */
  readonly nextTryAt: number | null;
}

/** A message to be sent, and the line as it was when the message was read. */
export type Queued = QueuedMessage & { readonly line: Line };

const columns = `line.library, line.code, line.paused_at is not null as paused, ${epochMs('line.next_try_at')} as "nextTryAt"`;

/** What is to be sent next over a line, in the order in which it was written. */
export async function queued(tx: Tx, peerId: string, most: number): Promise<Queued[]> {
  const rows = await tx.execute<(QueuedMessage & Omit<Line, 'id'>)[]>(
    `select message.id, message.name, message.about, message.about_id as "aboutId", message.request_ref as "requestRef", message.xml, ${columns}
     from ill_message message join ill_peer line on line.library = message.library and line.code = message.peer
     where line.id = ? and message.state = 'queued' order by message.seq limit ?`,
    [peerId, most],
  );
  return rows.map(({ library, code, paused, nextTryAt, ...message }) => ({
    ...message,
    line: { id: peerId, library, code, paused, nextTryAt },
  }));
}

/** The line as it stands now: somebody may have stopped it meanwhile. */
export async function lineNow({ orm }: Pick<ActivityDeps, 'orm'>, line: Line): Promise<Line> {
  const [now] = await reader(orm).execute<Omit<Line, 'id'>[]>(
    `select ${columns} from ill_peer line where id = ?`,
    [line.id],
  );
  return { ...line, ...now };
}
