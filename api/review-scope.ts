import type { TaskScope } from '../db/queries/tasks.ts';
import type { LibraryPolicy } from '../domain/policy.ts';
import type { StaffCaller } from './caller.ts';

type Reviewer = Pick<StaffCaller, 'roles'>;

/** The procedures whose applications these roles decide on (A5); an administrator may all of them. */
export function reviewedBy({ registration }: LibraryPolicy, { roles }: Reviewer): string[] {
  const all = roles.includes('administrator');
  return registration.procedures
    .filter(({ review }) => all || (review !== undefined && roles.includes(review.role)))
    .map(({ code }) => code);
}

/** What of the work list is theirs (A13). */
export function taskScope(policy: LibraryPolicy, { roles }: Reviewer): TaskScope {
  return {
    desk: roles.includes('desk') || roles.includes('administrator'),
    ill: roles.includes('ill-librarian') || roles.includes('administrator'),
    money: roles.includes('cashier') || roles.includes('administrator'),
    procedures: reviewedBy(policy, { roles }),
  };
}
