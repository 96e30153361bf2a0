/**
 * The cookie a browser portal's session travels in. Over https it is `__Host-carrel`: the browser takes it only with `Secure`, without `Domain` and for the whole
 * site, so that no other host of the library can set or read it. Over plain http (development) browsers refuse that prefix, and it is `carrel`.
 */
export interface SessionCookie {
  readonly name: string;
  /** The `Set-Cookie` header that begins the session in the browser. It ends with the browser, as shared computers need it. */
  readonly set: (token: string) => string;
  /** The `Set-Cookie` header that ends it. */
  readonly clear: string;
  /** All values under the cookie's name in a `Cookie` header. */
  readonly read: (header: string | undefined) => string[];
}

/** @param publicUrl where readers reach the service */
export function sessionCookie(publicUrl: string): SessionCookie {
  const secure = new URL(publicUrl).protocol === 'https:';
  const name = secure ? '__Host-carrel' : 'carrel';
  const attributes = `Path=/; HttpOnly; SameSite=Lax${secure ? '; Secure' : ''}`;
  return {
    name,
    set: (token) => `${name}=${token}; ${attributes}`,
    clear: `${name}=; ${attributes}; Max-Age=0`,
    read: (header = '') =>
      header
        .split(';')
        .map((each) => each.trim())
        .filter((each) => each.startsWith(`${name}=`))
        .map((each) => each.slice(name.length + 1))
        .filter((value) => value !== ''),
  };
}
