import type { StaffRole } from '../../domain/roles.ts';

/** Passwords everybody may know: this library is for looking at, on one's own machine. */
export const readerPassword = 'lantern-orchard-7';

const staffPassword = 'ladder-compass-9';

export interface DemoStaff {
  readonly login: string;
  readonly name: string;
  readonly roles: readonly StaffRole[];
  readonly password: string;
}

export const staff: readonly DemoStaff[] = [
  { login: 'desk', name: 'Doris Desk', roles: ['desk'], password: staffPassword },
  { login: 'administrator', name: 'Ada Administrator', roles: ['administrator'], password: staffPassword },
  { login: 'cashier', name: 'Carla Cashier', roles: ['cashier'], password: staffPassword },
  { login: 'ill', name: 'Ilse Interlibrary', roles: ['ill-librarian'], password: staffPassword },
  { login: 'operator', name: 'Otto Operator', roles: ['operator'], password: staffPassword },
];

/** What is particular about a reader, for the person who picks one. */
export const remarks: Readonly<Record<string, string>> = {
  '01000008': 'a child',
  '01000009': 'no e-mail address, phone only',
  '01000010': 'to be blocked in the story',
  '01000011': 'card expired',
};
