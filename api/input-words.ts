import type { z } from 'zod';
import type { ProblemCode } from './problem-codes.ts';
import type { ProblemValues } from './problem.ts';
import { linesOnly, noControls } from './schemas/values.ts';

/** How a mistake is told: by a problem whose words fit, or in the parser's own. */
export type MistakeWords =
  | { readonly code: ProblemCode; readonly values?: ProblemValues }
  | { readonly detail: string };

type Issue = z.core.$ZodIssue;
type Of<C extends Issue['code']> = Extract<Issue, { code: C }>;

const tooLarge: Readonly<Record<string, ProblemCode>> = {
  string: 'field-too-long',
  array: 'list-too-long',
  number: 'number-too-large',
  int: 'number-too-large',
};

function tooBig({ origin, maximum }: Of<'too_big'>): MistakeWords | undefined {
  const code = tooLarge[origin];
  return code && { code, values: { max: Number(maximum) } };
}

function tooSmall({ origin, minimum }: Of<'too_small'>): MistakeWords | undefined {
  const least = Number(minimum);
  if (origin === 'string') return { code: least === 1 ? 'field-required' : 'field-form' };
  if (origin === 'array') return least === 1 ? { code: 'list-empty' } : undefined;
  const isNumber = origin === 'number' || origin === 'int';
  return isNumber ? { code: 'number-too-small', values: { min: least } } : undefined;
}

const formats: Readonly<Record<string, ProblemCode>> = {
  date: 'day-invalid',
  email: 'email-invalid',
  regex: 'field-form',
};

const noInvisibles = [noControls, linesOnly].map(String);

function otherForm({ format, pattern }: Of<'invalid_format'>): MistakeWords | undefined {
  const code = noInvisibles.includes(String(pattern)) ? 'field-controls' : formats[format];
  return code && { code };
}

function inWords(issue: Issue): MistakeWords | undefined {
  if (issue.code === 'custom') return issue.params && { code: issue.params['problem'] as ProblemCode };
  if (issue.path.length > 0 && 'input' in issue && issue.input === undefined)
    return { code: 'field-required' };
  if (issue.code === 'too_big') return tooBig(issue);
  if (issue.code === 'too_small') return tooSmall(issue);
  if (issue.code === 'invalid_format') return otherForm(issue);
  const isOtherNumber = issue.code === 'invalid_type' && typeof issue.input === 'number';
  return isOtherNumber ? { code: 'number-not-whole' } : undefined;
}

/**
 * The words for what a schema found wrong (G3): a schema's own rule as it says, and what people who fill in a form get wrong in words for them. What only a program gets wrong –
 * an unknown key, another type – stays in the parser's own words.
 *
 * @param issue with its input (`reportInput`)
 */
export function wordsOf(issue: Issue): MistakeWords {
  return inWords(issue) ?? { detail: issue.message };
}

const atTop = (issues: readonly Issue[]): number => issues.filter(({ path }) => path.length < 2).length;

/** What is wrong, part by part. Of a body that may have one of several forms: with the form that it comes nearest to. */
export function mistakesIn(issues: readonly Issue[]): Issue[] {
  return issues.flatMap((issue) => {
    if (issue.code !== 'invalid_union' || issue.errors.length === 0) return [issue];
    const forms = issue.errors.map(mistakesIn);
    const [nearest = []] = forms.toSorted((a, b) => atTop(a) - atTop(b) || a.length - b.length);
    return nearest.map((each) => ({ ...each, path: [...issue.path, ...each.path] }));
  });
}
