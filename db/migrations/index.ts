import { Migration20261122000000Foundation } from './Migration20261122000000_foundation.ts';
import { Migration20261124000000EventOrder } from './Migration20261124000000_event_order.ts';
import { Migration20261125000000CartConfirmation } from './Migration20261125000000_cart_confirmation.ts';
import { Migration20261126000000PatronName } from './Migration20261126000000_patron_name.ts';

/** Every migration in the order it runs; listed by hand, so that a bundle or a container needs no directory scan. */
export const migrations = [
  { name: 'Migration20261122000000_foundation', class: Migration20261122000000Foundation },
  { name: 'Migration20261124000000_event_order', class: Migration20261124000000EventOrder },
  { name: 'Migration20261125000000_cart_confirmation', class: Migration20261125000000CartConfirmation },
  { name: 'Migration20261126000000_patron_name', class: Migration20261126000000PatronName },
];
