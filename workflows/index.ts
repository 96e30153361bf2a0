export { command } from './command.ts';
export { hold } from './hold.ts';
export { loan } from './loan.ts';
export { membership } from './membership.ts';
export { payment } from './payment.ts';
export { registration } from './registration.ts';
export { sweep } from './sweep.ts';
