import type { LibraryPolicy } from '../domain/policy.ts';
import { agencyOf, type AgencyPolicy } from '../domain/policy-peers.ts';
import type { ErrorData } from '../iso18626/message.ts';
import type { Reading } from '../iso18626/read.ts';
import { isSpoken } from './confirm.ts';

interface AgencyRead {
  readonly agencyIdType?: { readonly value?: string };
  readonly agencyIdValue?: string;
}

interface Header {
  readonly supplyingAgencyId?: AgencyRead;
  readonly requestingAgencyId?: AgencyRead;
  readonly timestamp?: string;
  readonly requestingAgencyRequestId?: string;
  readonly requestingAgencyAuthentication?: { readonly securityCode?: string };
}

const headerOf = ({ header }: Reading): Header => header;

/** The secret that the message brings in its own header. */
export const securityCodeOf = (reading: Reading): string | undefined =>
  headerOf(reading).requestingAgencyAuthentication?.securityCode;

const bySupplier = ({ name }: Reading): boolean => name === 'supplyingAgencyMessage';

const same = (one: string | undefined, other: string) => one?.toLowerCase() === other.toLowerCase();

const isAgency = (read: AgencyRead | undefined, { type, value }: AgencyPolicy): boolean =>
  same(read?.agencyIdType?.value, type) && same(read?.agencyIdValue, value);

/** Whether the header says that it comes from this agency. */
export function isFrom(reading: Reading, agency: AgencyPolicy): boolean {
  const { supplyingAgencyId, requestingAgencyId } = headerOf(reading);
  return isAgency(bySupplier(reading) ? supplyingAgencyId : requestingAgencyId, agency);
}

/** A header's time before it, or a day ahead of us, is a mistake; a later message would never count after it. */
const earliest = Date.parse('2000-01-01T00:00:00Z');
const aheadMs = 86_400_000;
const longestRef = 200;

/** What can be told of a message without looking at anything else. */
export interface Checked {
  /** Why it is refused; none: it may go on. */
  readonly errors: readonly ErrorData[];
  readonly saidAt: Date;
  readonly requestRef: string;
}

/** Whether it was understood, comes from whom it says, is for us, and of our time. */
export function check(policy: LibraryPolicy, reading: Reading, isItself: boolean, now: number): Checked {
  const { timestamp, requestingAgencyRequestId: ref = '' } = headerOf(reading);
  const at = timestamp === undefined ? now : Date.parse(timestamp);
  const timely = at >= earliest && at <= now + aheadMs;
  const wrong = [
    ...wrongAgencies(policy, reading, isItself),
    ...(ref === '' || ref.length > longestRef ? ['requestingAgencyRequestId'] : []),
    ...(timely ? [] : [`timestamp: ${timestamp}`]),
  ].map((errorValue): ErrorData => ({ errorType: 'UnrecognisedDataValue', errorValue }));
  const errors = unreadable(reading) ?? wrong;
  return { errors, saidAt: new Date(timely ? at : now), requestRef: ref.slice(0, longestRef) };
}

/** A request may name no supplier since 2021. */
function wrongAgencies(policy: LibraryPolicy, reading: Reading, isItself: boolean): string[] {
  const { supplyingAgencyId, requestingAgencyId } = headerOf(reading);
  const supplier = `supplyingAgencyId: ${named(supplyingAgencyId)}`;
  const requester = `requestingAgencyId: ${named(requestingAgencyId)}`;
  const receiver = bySupplier(reading) ? requestingAgencyId : supplyingAgencyId;
  const anybody = reading.name === 'request' && receiver === undefined;
  const isForUs = anybody || isAgency(receiver, agencyOf(policy));
  const [from, to] = bySupplier(reading) ? [supplier, requester] : [requester, supplier];
  return [...(isItself ? [] : [from]), ...(isForUs ? [] : [to])];
}

const named = (read: AgencyRead | undefined): string =>
  `${read?.agencyIdType?.value ?? ''}:${read?.agencyIdValue ?? ''}`.slice(0, 100);

function unreadable({ name, message, mistakes }: Reading): readonly ErrorData[] | undefined {
  if (!message) return mistakes;
  if (isSpoken(name)) return undefined;
  return [{ errorType: 'BadlyFormedMessage', errorValue: `a ${name} answers a message and is none` }];
}
