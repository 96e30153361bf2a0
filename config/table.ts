import type { z } from 'zod';
import { abouts, apiSettings, workerSettings } from './settings.ts';

interface Row {
  readonly name: string;
  readonly usedBy: string;
  readonly otherwise: string;
  readonly description: string;
}

function otherwise(schemas: readonly z.ZodType[]): string {
  const defaults = schemas.map((schema) => {
    const { success, data } = schema.safeParse(undefined);
    if (!success) return '**required**';
    return typeof data === 'string' || typeof data === 'number' ? String(data) : '–';
  });
  return [...new Set(defaults)].map((each) => each.replace(/^([\w.]+)$/, '`$1`')).join(' / ');
}

function row(name: string): Row {
  const users = { API: apiSettings.shape, worker: workerSettings.shape };
  const found = Object.entries(users).flatMap(([user, shape]) => {
    const schema = (shape as Record<string, z.ZodType>)[name];
    return schema === undefined ? [] : [{ user, schema }];
  });
  const schemas = found.map((each) => each.schema);
  const about = schemas.map((schema) => abouts.get(schema)).find((each) => each !== undefined);
  if (about === undefined) throw new Error(`Nothing is said of ${name}.`);
  const example = about.example === undefined ? '' : ` Example: \`${about.example}\``;
  return {
    name,
    usedBy: found.map((each) => each.user).join(', '),
    otherwise: about.otherwise ?? otherwise(schemas),
    description: about.description + example,
  };
}

/** The table of every environment variable, in Markdown, as README shows it. Two defaults are the API's and the worker's. */
export function configTable(): string {
  const names = new Set([...Object.keys(apiSettings.shape), ...Object.keys(workerSettings.shape)]);
  const rows = [...names].map(row);
  return [
    '| variable | used by | if not set | meaning |',
    '|---|---|---|---|',
    ...rows.map((each) => `| \`${each.name}\` | ${each.usedBy} | ${each.otherwise} | ${each.description} |`),
  ].join('\n');
}
