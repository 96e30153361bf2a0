import { v7 as uuid } from 'uuid';
import { keepStatementFile } from '../../db/statement-files.ts';
import { fileHash } from '../../statements/index.ts';
import type { Backend } from './carrel.ts';
import { camt } from './statements.ts';

/** Bank files from their arrival to the last of their entries; each story answers the workflow it has brought to its end. */
export function createStatementStories({ orm, client, commands, build }: Backend) {
  const { library } = build;
  const handIn = async (closing: string) => {
    const entries = [{ amount: '5.00', text: 'nobody’s' }];
    const content = camt({ id: uuid(), from: '2026-11-02', opening: '0', closing, entries });
    const about = { library, name: 'story.xml', format: 'camt', account: null, actor: 'system' } as const;
    const given = { ...about, id: uuid(), hash: fileHash(content), content, at: new Date() };
    const { id: fileId } = await keepStatementFile(orm, given);
    await commands.importStatement({ fileId, library });
    await client.workflow.getHandle(`statement:${fileId}`).result();
    return `statement:${fileId}`;
  };
  return {
    'statement.imported': () => handIn('5'),
    'statement.rejected': () => handIn('6'),
  };
}
