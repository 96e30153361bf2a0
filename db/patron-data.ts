import type { PatronData } from '../domain/patron-data.ts';
import type { Patron } from './entities/index.ts';

/** A reader's row as the rules and the API see it. */
export function dataOf(patron: Patron): PatronData {
  return {
    name: patron.name,
    birthDate: patron.birthDate ?? null,
    phone: patron.phone ?? null,
    language: patron.language,
    login: patron.login ?? null,
    details: patron.details,
    userGroup: patron.userGroup,
    expiresOn: patron.expiresOn ?? null,
    overdraftLimit: patron.overdraftLimit == null ? null : Number(patron.overdraftLimit),
    deposit: Number(patron.deposit),
    permissions: patron.permissions,
    noticePreferences: patron.noticePreferences,
  };
}

/** Columns of a reader's row for the data given; what is not given stays. */
export function columnsOf(wanted: Partial<PatronData>): Partial<Patron> {
  const { overdraftLimit, deposit, permissions, details, ...same } = wanted;
  return {
    ...same,
    ...(overdraftLimit !== undefined && {
      overdraftLimit: overdraftLimit === null ? null : BigInt(overdraftLimit),
    }),
    ...(deposit !== undefined && { deposit: BigInt(deposit) }),
    ...(permissions && { permissions: [...permissions] }),
    ...(details && { details: { ...details } }),
  };
}
