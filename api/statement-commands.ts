import { attributes } from '../workflows/attributes.ts';
import * as statements from '../workflows/statement.ts';
import { itself, type Start } from './asking.ts';
import type { CommandOutcome } from './commands-port.ts';

/** Starts the process of a bank's file (P9); the same file again finds its first run, open or ended. */
export function statementCommands(begin: (start: Start) => Promise<CommandOutcome<never>>) {
  return {
    importStatement: (input: statements.StatementInput) =>
      begin({
        workflow: statements.statement,
        workflowId: statements.statementWorkflowId(input.fileId),
        input,
        ask: statements.statementRead,
        answerIn: itself,
        shown: [
          { key: attributes.process, value: 'statement' },
          { key: attributes.library, value: input.library },
          { key: attributes.state, value: 'stored' },
        ],
      }),
  };
}
