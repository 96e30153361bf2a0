import { IllPeer } from '../../db/entities/index.ts';
import { once, type Step, type Tx } from '../../db/transaction.ts';
import type { LineChange } from '../../domain/ill-status.ts';
import { refuse, type Refused } from '../../domain/refusal.ts';
import type { Actor } from '../../domain/roles.ts';
import type { ActivityDeps, Roused } from '../deps.ts';
import { record } from '../record.ts';
import { rousedBy } from './record.ts';

export interface ChangeLine extends Step {
  readonly library: string;
  /** Its code in the policy. */
  readonly peer: string;
  readonly change: LineChange;
  readonly actor: Actor;
}

export interface LineChanged {
  readonly peer: string;
}

/** Changes of lines by staff (I18). */
export function createPeerCommands(deps: ActivityDeps) {
  return { changeLine: (step: ChangeLine) => changeLine(deps, step) };
}

async function changeLine(deps: ActivityDeps, step: ChangeLine): Promise<Refused | LineChanged> {
  const { library, peer, change, actor, now } = step;
  const { rouse, ...answer } = await once(deps.orm, step, async (tx) => {
    const line = await tx.findOne(IllPeer, { library, code: peer });
    if (!line) return { ...refuse({ code: 'peer-unknown', peer }), rouse: [] };
    const at = new Date(now);
    const given = change === 'give-up' ? await giveUpFirst(tx, line) : [];
    if (change === 'pause') line.pausedAt ??= at;
    else line.pausedAt = change === 'resume' ? null : (line.pausedAt ?? null);
    if (change !== 'pause' && line.nextTryAt) line.nextTryAt = at;
    const subject = { type: 'peer', id: line.id, library, patronId: null } as const;
    record(tx, subject, { kind: 'line-changed', actor, at, detail: { change } });
    const itself: Roused = { process: 'peer', id: line.id, library };
    return { peer, rouse: [...given, itself] };
  });
  await deps.engine.rouse(rouse);
  return answer;
}

/** The message that holds up all others; what it was about goes on without it. */
async function giveUpFirst(tx: Tx, { library, code }: IllPeer): Promise<Roused[]> {
  const given = await tx.execute<{ aboutId: string }[]>(
    `update ill_message set state = 'given-up' where id =
       (select id from ill_message where library = ? and peer = ? and state = 'queued' order by seq limit 1 for update)
     returning about_id as "aboutId"`,
    [library, code],
  );
  return rousedBy(tx, given);
}
