import { Migration20261122000000Foundation } from './Migration20261122000000_foundation.ts';

/** Every migration in the order it runs; listed by hand, so that a bundle or a container needs no directory scan. */
export const migrations = [
  { name: 'Migration20261122000000_foundation', class: Migration20261122000000Foundation },
];
