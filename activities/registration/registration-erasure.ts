import { type Application, ApplicationForm } from '../../db/entities/index.ts';
import type { Tx } from '../../db/transaction.ts';
import { applicationSubject, record } from '../record.ts';

/** Deletes what an applicant submitted, once the time for it has come; does nothing for what became an account, or was erased before. */
export async function eraseWhenDue(tx: Tx, application: Application, at: Date): Promise<void> {
  const { eraseAt, erasedAt } = application;
  if (!eraseAt || erasedAt || eraseAt > at) return;
  await erase(tx, application, at);
  await tx.flush();
}

/**
 * Leaves of an application that it was there, when it ended and how: the forms go, the mails keep neither address nor text, what staff wrote about it is emptied. Events and
 * tasks hold ids and codes only.
 */
async function erase(tx: Tx, application: Application, at: Date): Promise<void> {
  const { id } = application;
  await tx.nativeDelete(ApplicationForm, { applicationId: id });
  await tx.execute(
    `update notice set address = '', addressee = '', content = '{}', last_error = null, recipient = left(recipient, 0), subject = left(subject, 0),
       body_text = left(body_text, 0), body_html = left(body_html, 0)
     where subject_id = ? and audience <> 'patron'`,
    [id],
  );
  await tx.execute(
    `update remark set text = '' where id in
       (select (detail ->> 'remarkId')::uuid from event where subject_id = ? and detail ->> 'remarkId' is not null
        union select remark_id from task where subject_id = ? and remark_id is not null)`,
    [id, id],
  );
  application.erasedAt = at;
  record(tx, applicationSubject(application), { kind: 'application-erased', actor: 'system', at });
}
