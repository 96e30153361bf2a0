/** Conditions of a loan that have words in every language; a supplier's own codes are for librarians. */
export const conditionsInWords: ReadonlySet<string> = new Set([
  'LibraryUseOnly',
  'WatchLibraryUseOnly',
  'SpecCollSupervReq',
  'NoReproduction',
  'SignatureRequired',
]);

const insideOnly: ReadonlySet<string> = new Set([
  'LibraryUseOnly',
  'WatchLibraryUseOnly',
  'SpecCollSupervReq',
]);

/** Whether the supplier wants its thing to be used in the library only (I13). */
export const isInsideOnly = (conditions: readonly string[]): boolean =>
  conditions.some((code) => insideOnly.has(code));
