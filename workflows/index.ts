export { command } from './command.ts';
export { hold } from './hold.ts';
export { loan } from './loan.ts';
export { membership } from './membership.ts';
export { payment } from './payment.ts';
export { reconciliation, reconciliations } from './reconciliation.ts';
export { registration } from './registration.ts';
export { statement } from './statement.ts';
export { sweep } from './sweep.ts';
