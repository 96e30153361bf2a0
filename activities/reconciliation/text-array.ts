/** An array of texts as PostgreSQL reads it. A gateway's ids are its own, so they are quoted. */
export const textArray = (texts: readonly string[]): string =>
  `{${texts.map((text) => `"${text.replaceAll(/["\\]/g, (mark) => `\\${mark}`)}"`).join(',')}}`;
