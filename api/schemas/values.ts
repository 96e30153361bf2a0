import { z } from 'zod';
import { languages } from '../../domain/languages.ts';

// Written out, and not as \p{Cc}, because programs in other languages read these patterns from the OpenAPI description.
const controls = String.raw`\u0000-\u001f\u007f-\u009f`;

/** Text without any control character. */
export const noControls = new RegExp(`^[^${controls}]*$`);

/** Text without any control character but the end of a line. */
export const linesOnly = new RegExp(String.raw`^([^${controls}]|\n)*$`);

/** Text of one line, as a person writes it: no control characters, at most `max` characters. */
export function line(max: number): z.ZodString {
  return z.string().min(1).max(max).regex(noControls);
}

export const id = z.uuid().describe('A row’s id.');

/** An instant with its offset from UTC: `2026-11-22T09:30:00.000Z`. */
export const instant = z.iso.datetime({ offset: true }).describe('An instant.');

/** A civil date in the library's zone: `2026-11-22`. */
export const day = z.iso.date().describe('A day in the library’s time zone.');

export const language = z.enum(languages);

export const libraryCode = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,59}$/)
  .meta({ description: 'A library’s code.', example: 'demo' });

/** Passwords are measured by the library's policy when they are set; here only so that hashing stays cheap. */
export const password = z.string().min(1).max(256).regex(noControls);

/** As the API writes instants. */
export const iso = (epochMs: number): string => new Date(epochMs).toISOString();

/** Whether the days of a period stand in their order; either may be left out. */
export const inOrder = ({ from, to }: { from?: string | undefined; to?: string | undefined }): boolean =>
  from === undefined || to === undefined || from <= to;
