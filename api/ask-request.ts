import type { RequestWish } from '../workflows/ill.ts';
import type { CommandOutcome, Commands } from './commands-port.ts';

interface Whose {
  readonly id: string;
  readonly library: string;
}

/** Has a request's process do what staff want; what is settled after its end is a command of its own. */
export function askRequest(
  commands: Pick<Commands, 'actOnRequest' | 'run'>,
  { id, library }: Whose,
  given: RequestWish,
  key: string,
): Promise<CommandOutcome<object>> {
  if (given.act !== 'settle-late' && given.act !== 'settle-lost')
    return commands.actOnRequest(id, given, key);
  const { actor, ...rest } = given;
  const { remarkId, ...wish } = { remarkId: undefined, ...rest };
  const kept = remarkId === undefined ? {} : { remarkId };
  return commands.run('settleRequest', { requestId: id, wish, actor, ...kept }, key, { library });
}
