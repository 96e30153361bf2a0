/**
 * For update validators: refuses an input that lacks one of its texts before anything is written to the history. Synchronous on purpose – an
 * asynchronous validator would wedge the workflow.
 */
export function requireTexts(input: unknown, ...fields: string[]): void {
  const given = (input ?? {}) as Record<string, unknown>;
  const missing = fields.filter((field) => typeof given[field] !== 'string' || given[field] === '');
  if (missing.length > 0) throw new Error(`missing: ${missing.join(', ')}`);
}
