import type { Tx } from '../db/transaction.ts';
import type { Action, Status } from '../domain/ill-status.ts';
import { foldSupplier, judgeRequester, judgeSupplier, type SupplierSays } from '../domain/ill-transitions.ts';
import type { Roused } from '../activities/deps.ts';
import type { Body, ErrorData, Message } from '../iso18626/message.ts';
import { supplyIdOf } from './ids.ts';

/** A message of a peer that has proved itself, about the request of that name between the two. */
export interface FromPeer {
  readonly library: string;
  readonly peer: string;
  readonly message: Message;
  readonly requestRef: string;
  /** The header's time. */
  readonly saidAt: Date;
  readonly hash: string;
}

/** What it is about, as far as that is known, and what becomes of it. */
export interface Judged {
  readonly about: 'attempt' | 'supply' | null;
  readonly aboutId: string | null;
  readonly state: 'stored' | 'outdated' | 'refused';
  readonly errors: readonly ErrorData[];
  /** Whose process has something to heed. */
  readonly rouse: readonly Roused[];
  /** It has been taken in before, under another time: it is confirmed and not stored again. */
  readonly again?: boolean;
}

const wrong = (errorValue: string): ErrorData => ({ errorType: 'UnrecognisedDataValue', errorValue });

function refused(errors: readonly ErrorData[], about: Pick<Judged, 'about' | 'aboutId'>): Judged {
  return { ...about, state: 'refused', errors, rouse: [] };
}

const unknown = ({ requestRef }: FromPeer): Judged =>
  refused([wrong(`requestingAgencyRequestId: ${requestRef}`)], { about: null, aboutId: null });

/** Judges a message by what is stored about its request, which nobody else judges at the same time; only what is between these two agencies is looked at. */
export async function judge(tx: Tx, given: FromPeer): Promise<Judged> {
  const { message } = given;
  if (message.name === 'request') return judgeRequest(tx, given, message.body);
  if (message.name === 'requestingAgencyMessage') return judgeAction(tx, given, message.body.action);
  if (message.name === 'supplyingAgencyMessage') return judgeStatus(tx, given, message.body);
  throw new Error(`A ${message.name} is not judged.`);
}

/** Keyed by the requester and its own id, never by the id alone: the id of another requester is another request. */
function supplyAbout({ library, peer, requestRef }: FromPeer) {
  const aboutId = supplyIdOf(library, peer, requestRef);
  const rouse: Roused[] = [{ process: 'supply', id: aboutId, library }];
  return { about: 'supply', aboutId, rouse } as const;
}

/** An id that was used for something else is refused; the same again is the same request, and a reminder of what is known is heeded. */
async function judgeRequest(tx: Tx, given: FromPeer, body: Body<'request'>): Promise<Judged> {
  const { about, aboutId, rouse } = supplyAbout(given);
  const taken = { about, aboutId, rouse, state: 'stored', errors: [] } as const;
  const rows = await tx.execute<{ hash: string }[]>(
    `select hash from ill_message where about_id = ? and name = 'request' and direction = 'in' and state <> 'refused'`,
    [aboutId],
  );
  const isReminder = body.serviceInfo?.requestType === 'Reminder';
  if (rows.length === 0 || isReminder) return taken;
  if (rows.some(({ hash }) => hash === given.hash)) return { ...taken, again: true };
  return refused([wrong(`requestingAgencyRequestId: ${given.requestRef}`)], { about, aboutId });
}

interface SupplyRow {
  readonly status: Status | null;
  readonly known: boolean;
  readonly at: number | null;
}

async function judgeAction(tx: Tx, given: FromPeer, action: Action): Promise<Judged> {
  const { about, aboutId, rouse } = supplyAbout(given);
  const [row] = await tx.execute<SupplyRow[]>(
    `select (select status from supply_request where id = :id) as status,
      exists (select from ill_message where about_id = :id and name = 'request' and direction = 'in' and state <> 'refused') as known,
      (select (extract(epoch from max(said_at)) * 1000)::float8 from ill_message
        where about_id = :id and name = 'requestingAgencyMessage' and direction = 'in' and state in ('stored', 'heeded')
          and says not in ('Notification', 'StatusRequest')) as at`,
    { id: aboutId },
  );
  if (!row || (row.status === null && !row.known)) return unknown(given);
  // Its request is stored, and will be received when it is heeded.
  const said = { status: row.status ?? 'RequestReceived', at: row.at };
  const verdict = judgeRequester(said, { action, at: given.saidAt.getTime() });
  if (verdict.verdict === 'refuse')
    return refused([{ errorType: 'UnsupportedActionType', errorValue: action }], { about, aboutId });
  if (verdict.verdict === 'late') return { about, aboutId, state: 'outdated', errors: [], rouse: [] };
  return { about, aboutId, state: 'stored', errors: [], rouse };
}

interface AttemptRow {
  readonly id: string;
  readonly request_id: string;
  readonly patron_id: string | null;
  readonly status: Status | null;
  readonly at: number | null;
  readonly stored: readonly { readonly body: Body<'supplyingAgencyMessage'>; readonly at: number }[];
}

const attemptSql = `
select attempt.id, attempt.request_id, request.patron_id, attempt.status,
  (select (extract(epoch from max(said_at)) * 1000)::float8 from ill_message
    where about_id = attempt.id and direction = 'in' and state = 'heeded' and says not like 'Notification/%') as at,
  (select coalesce(jsonb_agg(jsonb_build_object('body', body, 'at', extract(epoch from said_at) * 1000) order by seq), '[]')
    from ill_message where about_id = attempt.id and state = 'stored') as stored
from ill_attempt attempt join ill_request request on request.id = attempt.request_id
where attempt.library = ? and attempt.our_ref = ? and attempt.peer = ?`;

async function judgeStatus(tx: Tx, given: FromPeer, body: Body<'supplyingAgencyMessage'>): Promise<Judged> {
  const { library, peer, requestRef, saidAt } = given;
  const [row] = await tx.execute<AttemptRow[]>(attemptSql, [library, requestRef, peer]);
  if (!row) return unknown(given);
  const about = { about: 'attempt', aboutId: row.id } as const;
  const said = foldSupplier(
    { status: row.status, at: row.at },
    row.stored.map((each) => saysOf(each.body, each.at)),
  );
  const verdict = judgeSupplier(said, saysOf(body, saidAt.getTime()));
  if (verdict.verdict === 'late') return { ...about, state: 'outdated', errors: [], rouse: [] };
  if (verdict.verdict === 'refuse') return refused([wrong(wrongIn(verdict.value, body))], about);
  const rouse = [{ process: 'ill', id: row.request_id, library, patronId: row.patron_id } as const];
  return { ...about, state: 'stored', errors: [], rouse };
}

function saysOf(
  { messageInfo, statusInfo }: Omit<Body<'supplyingAgencyMessage'>, 'header'>,
  at: number,
): SupplierSays {
  const { reasonForMessage: reason, answerYesNo: answer } = messageInfo;
  return { reason, status: statusInfo.status, answer, at };
}

function wrongIn(value: string, { messageInfo, statusInfo }: Body<'supplyingAgencyMessage'>): string {
  return value === 'answerYesNo'
    ? `answerYesNo: ${messageInfo.answerYesNo} with ${statusInfo.status}`
    : `status: ${statusInfo.status}`;
}
