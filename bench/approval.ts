import { request } from './http.ts';
import { makePatrons, makeStaff } from './rows.ts';
import { signIn, type Stage } from './stage.ts';

/** Exact: the events of an approval's life – submitted, mail, reviewed, approved, mail –, each step as HTTP, the mails over SMTP. */
export async function countApproval(stage: Stage): Promise<number> {
  const [reader = ''] = await makePatrons(stage.sql, 1);
  const token = await signIn(stage, 'patron', reader);
  const librarian = await signIn(stage, 'staff', await makeStaff(stage.sql, 'ill-librarian'));
  const address = `${reader}@bench.example`;
  const fields = { name: 'Reader', email: address, phone: '0921234567' };
  const received = stage.nextMailTo(address);
  const { body } = await request(`${stage.url}/v1/me/applications`, 'POST', token, {
    procedure: 'ill',
    fields,
  });
  await received;
  const approved = stage.nextMailTo(address);
  const decision = { decision: 'approve', seen: { state: 'reviewing', version: 1 } };
  await request(`${stage.url}/v1/staff/applications/${body.id}/decisions`, 'POST', librarian, decision);
  await approved;
  const handle = stage.client.workflow.getHandle(`registration:${body.id}`);
  await handle.result();
  return (await handle.fetchHistory()).events?.length ?? Number.NaN;
}
