import { IllFormRow, IllRequest } from '../../db/entities/index.ts';
import { lockPatron, present } from '../../db/locks.ts';
import { inTransaction, type Tx } from '../../db/transaction.ts';
import type { IllPolicy } from '../../domain/policy-ill.ts';
import { endOf } from '../../domain/review-deadlines.ts';
import { refuse } from '../../domain/refusal.ts';
import type { ActivityDeps } from '../deps.ts';
import { instant, toDate } from '../facts.ts';
import { record } from '../record.ts';
import { admissionReasons } from './admission.ts';
import { chooseNext } from './choose.ts';
import { neededBy } from './form.ts';
import { type Held, heldOf, holdRequest, type Moment } from './held.ts';
import { look } from './look.ts';
import { mailForm, tell } from './notices.ts';
import { askLibrarian } from './librarian.ts';
import { concluded, tellOthers } from './conclude.ts';
import { requestSubject } from './standing.ts';
import type { BeginRequest, RequestOutcome } from './steps.ts';

/** Makes a request of a form that was submitted, once: the form's first version has the request's id. Of one that was begun before it looks what has been said since. */
export async function beginRequest(deps: ActivityDeps, step: BeginRequest): Promise<RequestOutcome> {
  const outcome = await inTransaction(deps.orm, async (tx) => {
    const moment = { at: new Date(step.now), actor: step.actor };
    const begun = await tx.findOne(IllRequest, { id: step.requestId });
    if (begun) {
      const again = await holdRequest(deps, tx, step.requestId, { ...moment, actor: 'system' });
      return { held: again, standing: await look(again) };
    }
    const form = present(await tx.findOne(IllFormRow, { id: step.requestId }), `form ${step.requestId}`);
    const patron = form.patronId ? await lockPatron(tx, form.patronId) : undefined;
    const reasons = form.actor === 'system' ? [] : await admissionReasons(deps, tx, form, patron, moment.at);
    if (reasons.length > 0) return refuse(...reasons);
    const fresh = heldOf(deps, tx, await insertRequest(deps, tx, form, moment), { ...moment, patron });
    await setOut(fresh);
    return { held: fresh, standing: await concluded(fresh) };
  });
  if ('refused' in outcome) return outcome;
  await tellOthers(deps, outcome.held);
  return { standing: outcome.standing };
}

/**
 * Writes the request of a form. A centre forwards another library's request so (I5): in the transaction in which it decides to, for the outside request `onBehalfOf`, with a form of its own; `ill:<id>` is
 * roused after the commit and goes on from the row.
 */
export async function insertRequest(
  deps: Pick<ActivityDeps, 'policies'>,
  tx: Tx,
  form: IllFormRow,
  { at, actor, onBehalfOf = null }: Moment & { readonly onBehalfOf?: string | null },
): Promise<IllRequest> {
  const { library, patronId, service, literature, content, delivery, place } = form;
  const policy = deps.policies.get(library);
  if (policy.ill === 'none') throw new Error(`The policy of ${library} has no interlibrary loan.`);
  const request = tx.create(IllRequest, {
    id: form.requestId,
    library,
    number: await nextNumber(tx, at),
    patronId,
    mode: policy.ill.mode,
    service,
    literature,
    title: content.title,
    formId: form.id,
    delivery,
    place,
    state: 'choosing',
    onBehalfOf,
    lateAt: toDate(endOf(policy, instant(at), policy.ill.obtaining.lateAfter)),
    neededBy: neededBy(policy, content),
    actor,
    submittedAt: at,
  });
  record(tx, requestSubject(request), { kind: 'ill-submitted', actor, at });
  await tx.flush();
  return request;
}

/** By mode: mailed to the librarian who obtains it (I3), looked at by the librarian first (I4), or sent out at once (I5). */
async function setOut(held: Held): Promise<void> {
  const { request, ill } = held;
  await tell(held, { kind: 'ill-submitted', cause: 'submitted' });
  if (request.mode === 'email') {
    await mailForm(held);
    await askLibrarian(held, null);
  } else if (reviewed(ill, request)) await askLibrarian(held, null);
  else await chooseNext(held);
}

/** What a librarian submitted needs no review, and what a centre forwards none of its own. */
function reviewed({ obtaining }: IllPolicy, { mode, onBehalfOf, actor }: IllRequest): boolean {
  if (onBehalfOf || actor.startsWith('staff:')) return false;
  return obtaining.review ?? mode === 'distributed';
}

/** Year and a running number: unique for all libraries of the installation, gaps allowed. */
export async function nextNumber(tx: Tx, at: Date): Promise<string> {
  const [row] = await tx.execute<{ number: string }[]>(`select nextval('ill_number_seq')::text as number`);
  return `${at.getUTCFullYear()}-${(row?.number ?? '').padStart(6, '0')}`;
}
