import type { IllFormRow, Patron } from '../../db/entities/index.ts';
import { admissionOf } from '../../db/queries/request-admission.ts';
import type { Tx } from '../../db/transaction.ts';
import type { Reason } from '../../domain/refusal.ts';
import { requestReasons } from '../../domain/request-rules.ts';
import type { ActivityDeps } from '../deps.ts';

/** Why the library does not take what was submitted, all reasons at once (I1, I2, I7); under the reader's lock. What a centre forwards, its member has taken already. */
export async function admissionReasons(
  deps: ActivityDeps,
  tx: Tx,
  form: IllFormRow,
  patron: Patron | undefined,
  at: Date,
): Promise<Reason[]> {
  const { id, library, literature, content, actor, overridden } = form;
  const policy = deps.policies.get(library);
  if (policy.ill === 'none') return [{ code: 'ill-not-offered' }];
  if (form.patronId && patron?.library !== library) return [{ code: 'patron-unknown' }];
  const { facts } = await admissionOf(tx, {
    policy,
    ill: policy.ill,
    requestId: id,
    reader: patron ?? null,
    channel: actor.startsWith('patron:') ? 'web' : 'desk',
    literature,
    work: content,
    beneficiary: form.beneficiary ?? null,
    overridden,
    at,
  });
  return requestReasons(facts);
}
