import { v7 as uuid } from 'uuid';
import type { ActivityBench } from '../support/activities.ts';

type Outcome = 'hard' | 'soft';

/** Addresses confirmed and failing, all as they should be; `begin` is epoch milliseconds. `mailed` makes a hold whose reader has been mailed. */
export async function tellMails(
  { activities, build, rows }: ActivityBench,
  begin: number,
  mailed: () => Promise<{ holdId: string; patronId: string }>,
) {
  const { library } = build;
  const at = (second: number) => new Date(begin + second * 1_000);
  const step = (second: number) => ({ operation: `mail/${uuid()}`, now: at(second).getTime() });

  const ask = async (second: number, patronId: string, address: string) => {
    const id = uuid();
    await rows(
      `insert into email_confirmation (id, library, subject_type, subject_id, address, purpose, requested_by, created_at, expires_at)
       values (?, ?, 'patron', ?, ?, 'set', 'system', ?, ?)`,
      [id, library, patronId, address, at(second), at(second + 3_600)],
    );
    await activities.askEmail({ confirmationId: id, actor: `patron:${patronId}`, ...step(second) });
    return id;
  };
  const returns = async (second: number, holdId: string, outcome: Outcome) => {
    const id = uuid();
    await rows(
      `insert into bounce (id, library, notice_id, message_key, outcome, format, via, received_at)
       select ?, library, id, ?, ?, 'rfc3464', 'lmtp', ? from notice where subject_id = ? and kind = 'secured'`,
      [id, id, outcome, at(second), holdId],
    );
    await activities.recordBounce({ bounceId: id, ...step(second) });
    return id;
  };

  const confirmed = (await build.patron()).id;
  await activities.confirmEmail({
    confirmationId: await ask(1, confirmed, 'new@reader.example'),
    ...step(2),
  });
  await ask(3, confirmed, 'newer@reader.example');
  const failing = await mailed();
  const bounce = await returns(60, failing.holdId, 'hard');
  const contacted = await mailed();
  await rows(
    `update notice set state = 'sent', settled_at = created_at, recipient = 'a@reader.example', attempts = 1, subject = 's', body_text = 't', body_html = 'h'
     where state = 'queued' and subject_type = 'patron' and patron_id in (?, ?)`,
    [confirmed, failing.patronId],
  );
  return {
    confirmed,
    failing: failing.patronId,
    phoned: failing.holdId,
    bounce,
    contacted: contacted.holdId,
  };
}
