/** The address in its normal form if it is one of the web (http, https); anything else – `javascript:`, a path – is undefined. */
export function webAddress(text: string): string | undefined {
  const url = URL.parse(text);
  return url && ['http:', 'https:'].includes(url.protocol) ? url.href : undefined;
}
