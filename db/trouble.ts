const noAnswer = 'The database does not answer at DATABASE_URL.';

const sentences: Readonly<Record<string, string>> = {
  ECONNREFUSED: noAnswer,
  ENOTFOUND: noAnswer,
  EHOSTUNREACH: noAnswer,
  ETIMEDOUT: noAnswer,
  '28P01': 'The database does not accept the user and password in DATABASE_URL.',
  '28000': 'The database does not let in the user in DATABASE_URL.',
  '3D000': 'There is no database of the name in DATABASE_URL.',
  '42P01': 'The database has no tables yet: npm run migrate.',
};

/** What whoever runs a command can put right about its database, in a sentence; undefined for anything else. */
export function databaseTrouble(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return sentences[String(error.code)];
}
