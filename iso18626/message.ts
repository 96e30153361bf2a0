import type { messageShapes, agencyId, confirmationHeader, costs, errorData } from './shapes.ts';
import type { Edition, Value } from './shape.ts';

type Shapes = typeof messageShapes;

export type MessageName = keyof Shapes;
export type Body<N extends MessageName> = Value<Shapes[N]>;

/** One ISO 18626 message: which it is, and what it says. Instants are ISO 8601 in UTC, amounts decimal text with a currency of ISO 4217. */
export type Message = {
  readonly [N in MessageName]: { readonly name: N; readonly body: Body<N> };
}[MessageName];

export type AgencyId = Value<typeof agencyId>;
export type Costs = Value<typeof costs>;
export type ErrorData = Value<typeof errorData>;
export type ConfirmationHeader = Value<typeof confirmationHeader>;

export type { Edition };

type SupplyingBody = Body<'supplyingAgencyMessage'>;

/** Puts what the 2017 edition offers for a retry where the 2021 edition has it. */
export function retryFrom2017(body: SupplyingBody): SupplyingBody {
  const { offeredCosts, retryAfter, retryBefore, ...messageInfo } = body.messageInfo;
  if (offeredCosts === undefined && retryAfter === undefined && retryBefore === undefined) return body;
  const retryInfo = {
    ...body.retryInfo,
    ...(offeredCosts && { offeredCosts: [...(body.retryInfo?.offeredCosts ?? []), offeredCosts] }),
    ...(retryAfter !== undefined && { retryAfter }),
    ...(retryBefore !== undefined && { retryBefore }),
  };
  return { ...body, messageInfo, retryInfo };
}

/** The reverse; what the 2017 edition has no place for stays, so that whoever writes it can tell. */
export function retryTo2017(body: SupplyingBody): SupplyingBody {
  if (!body.retryInfo) return body;
  const { offeredCosts = [], retryAfter, retryBefore, ...rest } = body.retryInfo;
  const [first, ...others] = offeredCosts;
  const left = { ...rest, ...(others.length > 0 && { offeredCosts: others }) };
  const messageInfo = {
    ...body.messageInfo,
    ...(first && { offeredCosts: first }),
    ...(retryAfter !== undefined && { retryAfter }),
    ...(retryBefore !== undefined && { retryBefore }),
  };
  return { ...body, messageInfo, retryInfo: Object.keys(left).length > 0 ? left : undefined };
}
