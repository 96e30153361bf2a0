import type { Held } from './held.ts';

/** A reader says something of a thing that is not theirs to tell: only what came straight to them is. */
export const isReaders = ({ request, actor }: Pick<Held, 'request' | 'actor'>): boolean =>
  actor.startsWith('patron:') && !request.direct;
