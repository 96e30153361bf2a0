import type { Edition, ErrorData, Message, MessageName } from '../iso18626/message.ts';
import type { Reading } from '../iso18626/read.ts';
import { writeMessage } from '../iso18626/write.ts';

/** What is confirmed: the message as far as it could be read, when it was received, and what is wrong with it. */
export interface Confirmed {
  readonly reading: Reading;
  readonly receivedAt: Date;
  /** The edition that the sender reads. */
  readonly edition: Edition;
  /** None: it has been stored. */
  readonly errors: readonly ErrorData[];
}

const names = {
  request: 'requestConfirmation',
  supplyingAgencyMessage: 'supplyingAgencyMessageConfirmation',
  requestingAgencyMessage: 'requestingAgencyMessageConfirmation',
} as const;

export type Spoken = keyof typeof names;

export const isSpoken = (name: MessageName | undefined): name is Spoken =>
  name !== undefined && Object.hasOwn(names, name);

/** Writes the confirmation of a message: that it was received, which is neither a yes nor a no to it (clause 4.1). Valid by the schema whatever came. */
export function confirmationOf({ reading, receivedAt, edition, errors }: Confirmed): string {
  const errorData = errors.length > 0 ? { errorData: errors } : {};
  const confirmationHeader = {
    ...echoed(reading.header, receivedAt),
    timestampReceived: receivedAt.toISOString(),
    messageStatus: errors.length > 0 ? ('ERROR' as const) : ('OK' as const),
  };
  const name = isSpoken(reading.name) ? names[reading.name] : names.request;
  const body = { confirmationHeader, ...repeated(reading), ...errorData };
  return writeMessage({ name, body } as Message, edition).xml;
}

/** Action and reason are repeated. */
function repeated({ message }: Reading) {
  if (message?.name === 'supplyingAgencyMessage')
    return { reasonForMessage: message.body.messageInfo.reasonForMessage };
  return message?.name === 'requestingAgencyMessage' ? { action: message.body.action } : {};
}

function echoed(header: Reading['header'], receivedAt: Date) {
  const {
    supplyingAgencyId,
    requestingAgencyId,
    multipleItemRequestId,
    timestamp,
    requestingAgencyRequestId,
  } = header;
  const whole = {
    supplyingAgencyId: isWhole(supplyingAgencyId) ? supplyingAgencyId : undefined,
    requestingAgencyId: isWhole(requestingAgencyId) ? requestingAgencyId : undefined,
    requestingAgencyRequestId,
    multipleItemRequestId,
  };
  return {
    ...Object.fromEntries(Object.entries(whole).filter(([, value]) => value !== undefined)),
    timestamp: timestamp ?? receivedAt.toISOString(),
  };
}

/** A half of an agency's id would make the confirmation invalid. */
function isWhole(id: unknown): boolean {
  const { agencyIdType, agencyIdValue } = (id ?? {}) as Record<string, unknown>;
  return agencyIdType !== undefined && agencyIdValue !== undefined;
}
