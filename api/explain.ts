import type { Language } from '../domain/languages.ts';
import { permissionWords } from '../domain/permissions.ts';
import type { LibraryPolicy } from '../domain/policy.ts';
import type { Reason } from '../domain/refusal.ts';
import type { Texts } from '../notices/texts.ts';

/** A reason with its numbers and, in `detail`, in words. */
export type Explained = Reason & { readonly detail: string };

/** Puts reasons into words for a reader; dates are written in the library's zone. */
export function explain(
  texts: Texts,
  language: Language,
  policy: Pick<LibraryPolicy, 'timeZone' | 'currency' | 'permissions' | 'phone'>,
  reasons: readonly Reason[],
): Explained[] {
  return reasons.map((reason) => ({
    ...reason,
    detail: texts.problem(language, reason.code, {
      timeZone: policy.timeZone,
      currency: policy.currency,
      ...reason,
      ...permissionWords(policy, language, reason),
    }).detail,
  }));
}
