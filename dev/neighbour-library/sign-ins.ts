import { type DemoStaff, readerPassword } from '../demo-library/sign-ins.ts';

const password = 'anchor-harbour-5';

export const staff: readonly DemoStaff[] = [
  { login: 'desk', name: 'Dirk Desk', roles: ['desk'], password },
  { login: 'administrator', name: 'Ahoi Administrator', roles: ['administrator'], password },
  { login: 'ill', name: 'Inge Interlibrary', roles: ['ill-librarian', 'desk'], password },
];

export const readers = [{ card: '50000001', password: readerPassword, name: 'Nele Brandt' }];
