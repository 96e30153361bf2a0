import { IllFormRow, IllRequest } from '../../db/entities/index.ts';
import { inTransaction, type Tx } from '../../db/transaction.ts';
import { present } from '../../db/locks.ts';
import type { ActivityDeps } from '../deps.ts';
import { record } from '../record.ts';
import { requestStanding, requestSubject } from './standing.ts';
import type { BeginRequest, RequestOutcome } from './steps.ts';

/** Makes a request of a form that was submitted, once: the form's first version has the request's id. */
export async function beginRequest(deps: ActivityDeps, step: BeginRequest): Promise<RequestOutcome> {
  return inTransaction(deps.orm, async (tx) => {
    const begun = await tx.findOne(IllRequest, { id: step.requestId });
    const request = begun ?? (await insert(deps, tx, step));
    await tx.flush();
    return { standing: await requestStanding(deps, tx, request, step.now) };
  });
}

async function insert(
  deps: ActivityDeps,
  tx: Tx,
  { requestId, actor, now }: BeginRequest,
): Promise<IllRequest> {
  const form = present(await tx.findOne(IllFormRow, { id: requestId }), `form ${requestId}`);
  const at = new Date(now);
  const { library, patronId, service, literature, content, delivery, place } = form;
  const request = tx.create(IllRequest, {
    id: requestId,
    library,
    number: await nextNumber(tx, at),
    patronId,
    mode: deps.policies.get(library).ill === 'none' ? 'email' : 'distributed',
    service,
    literature,
    title: content.title,
    formId: form.id,
    delivery,
    place,
    state: 'reviewing',
    actor,
    submittedAt: at,
  });
  record(tx, requestSubject(request), { kind: 'ill-submitted', actor, at });
  return request;
}

/** Year and a running number: unique for all libraries of the installation, gaps allowed. */
export async function nextNumber(tx: Tx, at: Date): Promise<string> {
  const [row] = await tx.execute<{ number: string }[]>(`select nextval('ill_number_seq')::text as number`);
  return `${at.getUTCFullYear()}-${(row?.number ?? '').padStart(6, '0')}`;
}
