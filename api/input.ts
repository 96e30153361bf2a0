import { types } from 'node:util';
import express from 'express';
import type { Request, Response } from 'express';
import { z } from 'zod';
import type { Language } from '../domain/languages.ts';
import { mistakesIn, wordsOf } from './input-words.ts';
import type { InputError } from './problem.ts';
import { problem } from './problem.ts';
import type { Route } from './route.ts';

const { isNativeError } = types;

const messages = {
  en: z.locales.en().localeError,
  de: z.locales.de().localeError,
  ja: z.locales.ja().localeError,
  zh: z.locales.zhCN().localeError,
};

const nothing = z.strictObject({});

const parseJson = express.json({ limit: '64kb', strict: true, type: 'application/json' });

function hasBody(request: Request): boolean {
  return (
    request.headers['transfer-encoding'] !== undefined || Number(request.headers['content-length'] ?? 0) > 0
  );
}

/** Reads a JSON body of at most 64 KiB; undefined when there is none. Throws what the error middleware knows. */
export async function readBody(request: Request, response: Response): Promise<unknown> {
  if (!hasBody(request)) return undefined;
  if (!request.is('application/json')) throw problem('unsupported-media-type');
  await new Promise<void>((resolve, reject) => {
    parseJson(request, response, (error?: unknown) => (isNativeError(error) ? reject(error) : resolve()));
  });
  return request.body;
}

function pointerOf(path: readonly PropertyKey[]): string {
  return path.map((key) => `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

/** Pointers to the texts with a NUL or half a character in them: the database cannot keep those as they are, so no schema need think of it. */
function brokenIn(value: unknown, path: readonly PropertyKey[] = []): string[] {
  if (typeof value === 'string')
    return value.includes('\u0000') || !value.isWellFormed() ? [pointerOf(path)] : [];
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return [];
  return Object.entries(value).flatMap(([key, part]) => brokenIn(part, [...path, key]));
}

/** Of several mistakes of one part that are told alike – beyond what any number may be, and beyond what this one may be –, the last is the one that helps. */
function told(errors: readonly InputError[]): InputError[] {
  const words = (each: InputError) => ('code' in each ? each.code : each.detail);
  return [...new Map(errors.map((each) => [`${each.in} ${each.pointer} ${words(each)}`, each])).values()];
}

/** What a request holds, parsed by the route's schemas. */
export interface Input {
  readonly params: unknown;
  readonly query: unknown;
  readonly headers: unknown;
  readonly body: unknown;
}

/**
 * Parses a request by its route's schemas; without a body, as if it were an empty object. All mistakes are reported together, as 422; a path that cannot be an id of anything is 404.
 */
export function parseInput(route: Route, request: Request, body: unknown, language: Language): Input {
  const errors: InputError[] = [];
  const read = (place: InputError['in'], schema: z.ZodType | undefined, given: unknown): unknown => {
    if (schema === undefined) return place === 'body' ? undefined : {};
    const parsed = schema.safeParse(given, { error: messages[language], reportInput: true });
    for (const issue of mistakesIn(parsed.error?.issues ?? []))
      errors.push({ in: place, pointer: pointerOf(issue.path), ...wordsOf(issue) });
    for (const pointer of brokenIn(parsed.data)) errors.push({ in: place, pointer, code: 'field-controls' });
    return parsed.data;
  };
  const params = route.params?.safeParse(request.params) ?? { success: true, data: {} };
  if (!params.success) throw problem('not-found');
  const query = read('query', route.query ?? nothing, request.query);
  const headers = read('header', route.headers, request.headers);
  const input = {
    params: params.data,
    query,
    headers,
    body: read('body', route.body, route.file ? body : (body ?? {})),
  };
  if (errors.length > 0) throw problem('invalid-input', {}, { errors: told(errors) });
  return input;
}
