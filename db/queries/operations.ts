import type { MikroORM } from '@mikro-orm/postgresql';
import { Operation } from '../entities/index.ts';
import { reader } from '../transaction.ts';

/** What the step was answered that was done under this key; undefined when it was not done. */
export async function answerOf(orm: MikroORM, operation: string): Promise<object | undefined> {
  const done = await reader(orm).findOne(Operation, { key: operation });
  return done ? (done.result as object) : undefined;
}
