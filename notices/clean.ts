const graphemes = new Intl.Segmenter('und', { granularity: 'grapheme' });

/** At most `most` characters as a reader counts them; what is cut off is marked by an ellipsis. */
export function shorten(text: string, most: number): string {
  if (text.length <= most) return text;
  const kept: string[] = [];
  // One visible character may be endlessly many code units; the cap on units keeps hostile text from growing past all bounds.
  for (const { segment } of graphemes.segment(text.slice(0, most * 4))) {
    if (kept.length === most) return `${kept.slice(0, -1).join('').trimEnd()}…`;
    kept.push(segment);
  }
  return text.length > most * 4 ? `${kept.slice(0, -1).join('').trimEnd()}…` : kept.join('');
}

/**
 * Foreign text made fit for one line of a notice: control characters and line breaks become spaces, characters that turn the direction of what follows
 * disappear, lone surrogates are replaced, and length is capped.
 */
export function cleanLine(text: string, most: number): string {
  const flat = text
    .toWellFormed()
    .replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .replaceAll(/[\u202A-\u202E\u2066-\u2069\uFEFF]/g, '')
    .trim();
  return shorten(flat, most);
}

/** `cleanLine` for each line of a longer text that a person wrote, without the empty ones; the cap is that of the whole. */
export function cleanLines(text: string, most: number): string[] {
  const lines = shorten(text, most).split(/[\r\n\u0085\u2028\u2029]+/u);
  return lines.map((line) => cleanLine(line, most)).filter((line) => line !== '');
}

/** `cleanLine` for every text in plain data, at any depth. */
export function cleanTexts<T>(data: T, most: number): T;
export function cleanTexts(data: unknown, most: number): unknown {
  if (typeof data === 'string') return cleanLine(data, most);
  if (Array.isArray(data)) return data.map((each: unknown) => cleanTexts(each, most));
  if (data === null || typeof data !== 'object') return data;
  return Object.fromEntries(
    Object.entries(data).map(([key, each]) => [key, cleanTexts<unknown>(each, most)]),
  );
}
