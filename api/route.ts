/**
 * How to add a route
 *
 * 1. In `api/routes/<subject>.ts` export `<subject>Routes(deps: ApiDeps): Route[]` and name it in `api/routes/index.ts`.
 * 2. Describe each route with `route({ … }).handle(async (call) => …)`. The zod schemas are the one source: requests are parsed with them, replies are typed by them, and
 *    `/openapi.json` is made of them. Use `z.strictObject`, the values in `api/schemas/values.ts`, `.describe()` on what does not explain itself, and
 *    `.meta({ id })` on a shape that several routes answer with.
 * 3. State `access`: 'public', 'patron', 'signed-in', or the staff roles. There is no default, so a route without it does not compile.
 * 4. The handler gets parsed input and the `caller`. A row is found by its id AND the caller (`patronId: caller.id`, or `library: caller.library`);
 *    if it is not found: `throw problem('hold-unknown')`. Other people's rows answer like rows that do not exist.
 * 5. What creates something or moves money states `idempotent: true` and uses `key.id` as the new row's id or the command's key, so that the same
 *    request sent twice is done once. What such a handler reads before its command is one transaction with the key, and what `answer`'s callback reads is another (`db/shared.ts`):
 *    it does nothing for that.
 * 6. Reading is a query in `db/queries/`. Deciding is a command: `return answer(deps.commands.renew(…), location, (result) => ({ status: 200, body }))`.
 * 7. A file is sent as the body itself, not in a form: state `file` with its media types and its limit, and `body: fileBody` (api/files.ts).
 * 8. In `test/api/objects.ts` name a row of another library for the route's id; `test/api/access.test.ts` visits every route with it.
 */
import type { z } from 'zod';
import type { Language } from '../domain/languages.ts';
import type { Browser } from './auth/browser.ts';
import type { Access, CallerOf, SessionScope } from './caller.ts';
import type { FileRule } from './files.ts';
import type { ProblemCode } from './problem-codes.ts';

export type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';

/** What a status means, and the shape of its body; one without a body has none. */
export interface ResponseDescription {
  readonly description: string;
  readonly body?: z.ZodType;
  /** What the body is, unless JSON; the reply's headers then state a `Content-Type` too. */
  readonly mediaType?: string;
  /** Response headers and what they say. */
  readonly headers?: Readonly<Record<string, string>>;
}

export type Responses = Readonly<Record<number, ResponseDescription>>;

interface Headers {
  readonly headers?: Readonly<Record<string, string>>;
}

/** A reply that fits one of the route's responses. */
export type Reply<R extends Responses> = {
  [S in keyof R & number]: Headers & { readonly status: S } & (R[S] extends {
      body: infer B extends z.ZodType;
    }
      ? { readonly body: z.input<B> }
      : { readonly body?: undefined });
}[keyof R & number];

/** The caller's `Idempotency-Key`, made ready for use. */
export interface Key {
  /** UUIDv5 of caller, route and key: the same whenever the same request is made again. */
  readonly id: string;
  /** This caller has sent this request before; whether anything came of it then, the row with `id` tells. */
  readonly repeated: boolean;
}

type Nothing = z.ZodObject<z.core.$ZodShape, z.core.$strict>;

/** What a handler gets. */
export interface Call<
  A extends Access,
  P extends z.ZodType,
  Q extends z.ZodType,
  H extends z.ZodType,
  B extends z.ZodType,
  I,
> {
  readonly caller: CallerOf<A>;
  readonly params: z.output<P>;
  readonly query: z.output<Q>;
  /** What stands behind the path's question mark, as it came: `query` is what it says if it is UTF-8. */
  readonly search: string;
  readonly headers: z.output<H>;
  readonly body: z.output<B>;
  readonly key: I extends true ? Key : undefined;
  /** The language to answer in (G3): the reader's own, or what staff's `Accept-Language` asks for. */
  readonly language: Language;
  /** The instant at which the request is answered; epoch milliseconds. */
  readonly now: number;
  /** The caller's network address, as far as `TRUST_PROXY` lets it be known. */
  readonly address: string;
  /** It came from a proxy that `TRUST_PROXY` names, whose headers can be believed. */
  readonly throughProxy: boolean;
  /** What the browser sent along, for signing in and out with a cookie. */
  readonly browser: Browser;
}

interface About {
  readonly method: Method;
  /** Express's spelling: `/v1/holds/:id`. */
  readonly path: `/${string}`;
  readonly summary: string;
  readonly description?: string;
  /** Problems of this route's own, beyond those every such route has. */
  readonly problems?: readonly ProblemCode[];
}

export interface RouteDefinition<
  A extends Access,
  P extends z.ZodObject,
  Q extends z.ZodObject,
  H extends z.ZodObject,
  B extends z.ZodType,
  R extends Responses,
  I extends boolean,
> extends About {
  readonly access: A;
  /** The narrowest session that may call it: `new-password` for what setting a new password needs (A9), `second-factor` for setting one up (A13). */
  readonly scope?: SessionScope;
  /** Needs an `Idempotency-Key`. */
  readonly idempotent?: I;
  readonly params?: P;
  readonly query?: Q;
  /** By their names in small letters; others are let through. */
  readonly headers?: H;
  readonly body?: B;
  /** The body is a file; then `body` is `fileBody`. */
  readonly file?: FileRule;
  readonly responses: R;
}

export interface AnyReply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** A route whose types have done their work. */
export interface Route extends About {
  readonly access: Access;
  readonly scope: SessionScope;
  readonly idempotent: boolean;
  readonly params?: z.ZodObject;
  readonly query?: z.ZodObject;
  readonly headers?: z.ZodObject;
  readonly body?: z.ZodType;
  readonly file?: FileRule;
  readonly responses: Responses;
  readonly handler: (call: never) => Promise<AnyReply>;
}

/** What is left to say of a declared route: how it is answered. */
interface Declared<
  A extends Access,
  P extends z.ZodObject,
  Q extends z.ZodObject,
  H extends z.ZodObject,
  B extends z.ZodType,
  R extends Responses,
  I,
> {
  readonly handle: (handler: (call: Call<A, P, Q, H, B, I>) => Promise<Reply<R>>) => Route;
}

/** Declares a route; see the top of this file. */
export function route<
  const A extends Access,
  R extends Responses,
  P extends z.ZodObject = Nothing,
  Q extends z.ZodObject = Nothing,
  H extends z.ZodObject = Nothing,
  B extends z.ZodType = z.ZodUndefined,
  I extends boolean = false,
>(definition: RouteDefinition<A, P, Q, H, B, R, I>): Declared<A, P, Q, H, B, R, I> {
  return { handle: (handler) => ({ scope: 'full', idempotent: false, ...definition, handler }) };
}

/** The path as OpenAPI spells it: `/v1/holds/{id}`. */
export function openApiPath(path: string): string {
  return path.replaceAll(/:(\w+)/g, '{$1}');
}
