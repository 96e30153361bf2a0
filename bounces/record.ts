import { type Client, WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import { TypedSearchAttributes } from '@temporalio/common';
import type { MikroORM } from '@mikro-orm/postgresql';
import { v5 as uuid } from 'uuid';
import { Notice } from '../db/entities/index.ts';
import { inTransaction, reader } from '../db/transaction.ts';
import { attributes } from '../workflows/attributes.ts';
import { command, commandWorkflowId } from '../workflows/command.ts';
import type { Incoming, RecordReport } from './intake.ts';

export interface RecorderDeps {
  readonly orm: MikroORM;
  readonly client: Client;
  readonly taskQueue: string;
}

/** Ids of bounces are made from their message keys under this name. */
const namespace = '0e3b8a54-5f0c-4d3e-9f60-6b8f0d9c7a11';

const longestDiagnostic = 500;

/**
 * Writes a report down as it came in, then has the engine decide what it means: once the engine holds the command, the mail may be filed. Twice the same report is one row
 * and one command.
 */
export function createRecorder({ orm, client, taskQueue }: RecorderDeps): RecordReport {
  return async (incoming) => {
    const { noticeId, messageKey } = incoming;
    const notice = await reader(orm).findOne(Notice, { id: noticeId });
    if (!notice) return false;
    const bounceId = uuid(messageKey, namespace);
    await keep(orm, bounceId, notice, incoming);
    await decide(client, taskQueue, bounceId, notice);
    return true;
  };
}

async function keep(orm: MikroORM, id: string, { library }: Notice, incoming: Incoming): Promise<void> {
  const { noticeId, messageKey, via, report } = incoming;
  const { outcome, status, diagnostic, format } = report;
  await inTransaction(orm, (tx) =>
    tx.execute(
      `insert into bounce (id, library, notice_id, message_key, outcome, status, diagnostic, format, via, received_at)
       values (?, ?, ?, ?, ?, ?, ?, ?, ?, now()) on conflict do nothing`,
      [id, library, noticeId, messageKey, outcome, status ?? null, cleaned(diagnostic), format, via],
    ),
  );
}

function cleaned(diagnostic: string): string | null {
  const line = diagnostic.replaceAll(/[\p{C}\s]+/gu, ' ').trim();
  return line.slice(0, longestDiagnostic) || null;
}

async function decide(client: Client, taskQueue: string, bounceId: string, notice: Notice): Promise<void> {
  try {
    await client.workflow.start(command, {
      workflowId: commandWorkflowId('recordBounce', bounceId),
      workflowIdReusePolicy: 'REJECT_DUPLICATE',
      taskQueue,
      args: [{ name: 'recordBounce', arguments: { bounceId } }],
      typedSearchAttributes: new TypedSearchAttributes([
        { key: attributes.process, value: 'command' },
        { key: attributes.state, value: 'recordBounce' },
        { key: attributes.library, value: notice.library },
        ...(notice.patronId ? [{ key: attributes.patron, value: notice.patronId }] : []),
      ]),
    });
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
}
