import { Temporal } from 'temporal-polyfill';
import { type IllForm } from '../../domain/ill.ts';
import { IllFormRow } from '../../db/entities/index.ts';
import type { LibraryPolicy } from '../../domain/policy.ts';
import { instantAt } from '../../domain/windows.ts';
import { toDate } from '../facts.ts';
import type { Held } from './held.ts';

/** End of the day after which it is of no use, in the library's zone; null: no such day. */
export function neededBy(policy: LibraryPolicy, { neededBy: day }: IllForm): Date | null {
  return day === undefined ? null : toDate(instantAt(policy, Temporal.PlainDate.from(day), '24:00'));
}

/** Another version of the form counts from now on; an earlier one than the present changes nothing. */
export async function changeForm({ tx, policy, request }: Held, formId: string): Promise<void> {
  const form = await tx.findOne(IllFormRow, { id: formId, requestId: request.id });
  const before = await tx.findOneOrFail(IllFormRow, { id: request.formId });
  if (!form || form.version <= before.version) return;
  request.formId = form.id;
  request.title = form.content.title;
  request.service = form.service;
  request.literature = form.literature;
  request.delivery = form.delivery;
  request.place = form.place ?? null;
  request.neededBy = neededBy(policy, form.content);
}
