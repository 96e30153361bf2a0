import type { RefusalCode } from '../../domain/refusal.ts';

/**
 * Refusals by the library's rules are 409: the same request may succeed once things have changed. What does not exist, or is none of the
 * caller's business, is 404; a choice the library does not offer is a mistake of the form, 422.
 */
export type RefusalStatus = 404 | 409 | 412 | 422;

/** Those of one subject. */
export type Statuses = Readonly<Partial<Record<RefusalCode, RefusalStatus>>>;
