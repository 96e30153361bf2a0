import { v7 as uuid } from 'uuid';
import type { LibraryPolicy } from '../../domain/policy.ts';
import type { Status } from '../../domain/ill-status.ts';
import type { Body, Message } from '../../iso18626/message.ts';
import { readMessage } from '../../iso18626/read.ts';
import { writeMessage } from '../../iso18626/write.ts';
import { receive, type Received } from '../../peers/receive.ts';
import type { ActivityBench } from './activities.ts';
import { agencyNamed, illOf } from './ill-policy.ts';

/** Two agencies that the library of these tests, `home`, exchanges messages with: one of each edition. */
const neighbours = [
  { name: 'north', url: 'http://north.example/iso18626', edition: '1.2' },
  { name: 'south', url: 'http://south.example/iso18626', edition: '2021' },
] as const;

export type Peer = (typeof neighbours)[number]['name'];

export const editionsOf = { north: '1.2', south: '2021' } as const;

export const exchanges = (policy: LibraryPolicy): LibraryPolicy => ({
  ...policy,
  ill: illOf('home', neighbours),
});

const agencyId = (name: string) => {
  const { type, value } = agencyNamed(name);
  return { agencyIdType: { value: type }, agencyIdValue: value };
};

/** What a test says of a message; the rest is as a requester or a supplier has it. */
export interface Letter {
  readonly from: Peer;
  readonly ref: string;
  /** The header's time; epoch milliseconds. */
  readonly at: number;
  /** Whom it says it comes from, or is for, if not who it is. */
  readonly claims?: string;
  readonly to?: string;
}

function headerOf({ from, ref, at, claims = from, to = 'home' }: Letter, side: 'supplier' | 'requester') {
  const [sender, receiver] = [agencyId(claims), agencyId(to)];
  return {
    supplyingAgencyId: side === 'supplier' ? sender : receiver,
    requestingAgencyId: side === 'supplier' ? receiver : sender,
    timestamp: new Date(at).toISOString(),
    requestingAgencyRequestId: ref,
  };
}

const write = (message: Message, { from }: Letter) => writeMessage(message, editionsOf[from]).xml;

export function requestXml(letter: Letter, body: Partial<Omit<Body<'request'>, 'header'>> = {}): string {
  const header = headerOf(letter, 'requester');
  const asked = {
    bibliographicInfo: { title: 'Kokoro' },
    serviceInfo: { requestType: 'New', serviceType: 'Loan' },
    ...body,
  } as const;
  return write({ name: 'request', body: { header, ...asked } }, letter);
}

export function actionXml(
  letter: Letter,
  action: Body<'requestingAgencyMessage'>['action'],
  note?: string,
): string {
  const body = { header: headerOf(letter, 'requester'), action, ...(note && { note }) };
  return write({ name: 'requestingAgencyMessage', body }, letter);
}

export function statusXml(
  letter: Letter,
  reasonForMessage: Body<'supplyingAgencyMessage'>['messageInfo']['reasonForMessage'],
  status: Status,
  answerYesNo?: 'Y' | 'N',
): string {
  const header = headerOf(letter, 'supplier');
  const messageInfo = { reasonForMessage, ...(answerYesNo && { answerYesNo }) };
  const statusInfo = { status, lastChange: header.timestamp };
  return write({ name: 'supplyingAgencyMessage', body: { header, messageInfo, statusInfo } }, letter);
}

/** What a confirmation says, in short: `OK`, or its errors. */
export function told(received: Received): string {
  if (received.outcome !== 'confirmed') return received.outcome;
  const { message } = readMessage(received.xml);
  if (!message || !('confirmationHeader' in message.body)) return 'no confirmation';
  const { confirmationHeader, errorData = [] } = message.body;
  const errors = errorData.map(({ errorType, errorValue }) => `${errorType} ${errorValue}`);
  return [confirmationHeader.messageStatus, ...errors].join(' | ');
}

/** A library that takes messages in; those who send have proved who they are. */
export function createExchange({ deps, rows, policy }: ActivityBench) {
  const library = policy.code;
  return {
    library,
    /** Takes a message in, of which `from` has proved itself. */
    take: (from: Peer | null, xml: string, now: number) =>
      receive(deps, { library, xml, prove: () => new Set(from === null ? [] : [from]), now }),
    /** A request of ours that `peer` has, with what the supplier was last heeded to have said. */
    asked: async (peer: Peer, given: { ref?: string; status?: Status; at?: number } = {}) => {
      const { ref = `H-${uuid()}`, status = null, at = null } = given;
      const [id, attemptId] = [uuid(), uuid()];
      const when = new Date('2026-11-01T00:00:00Z');
      await rows(
        `insert into ill_form (id, request_id, version, library, service, literature, content, delivery, actor, submitted_at)
         values (?, ?, 1, ?, 'loan', 'book', '{"title":"Kokoro"}', 'pickup', 'system', ?)`,
        [id, id, library, when],
      );
      await rows(
        `insert into ill_request (id, library, number, mode, service, literature, title, form_id, delivery, state, actor, submitted_at)
         values (?, ?, ?, 'distributed', 'loan', 'book', 'Kokoro', ?, 'pickup', 'requested', 'system', ?)`,
        [id, library, id, id, when],
      );
      await rows(
        `insert into ill_attempt (id, request_id, library, position, peer, our_ref, status, status_at, sent_at)
         values (?, ?, ?, 1, ?, ?, ?, ?, ?)`,
        [attemptId, id, library, peer, ref, status, at === null ? null : new Date(at), when],
      );
      return { id, attemptId, ref, attempt: { id: attemptId, library, peer, ourRef: ref } };
    },
    /** The messages of a request by what it is called between the two, in the order of storing. */
    messages: (ref: string) =>
      rows<{ says: string; state: string; about: string | null; error: string | null; peer: string }>(
        `select says, state, about, error, peer from ill_message where library = ? and request_ref = ? order by seq`,
        [library, ref],
      ),
  };
}

export type Exchange = ReturnType<typeof createExchange>;
