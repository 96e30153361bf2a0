export { openMailbox, type Behaviour, type Mailbox, type Treatment } from '../../dev/mailbox.ts';
export type { Mail } from '../../dev/mail-store.ts';
