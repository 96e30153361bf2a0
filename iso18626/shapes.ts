import {
  actions,
  answers,
  errorTypes,
  messageStatuses,
  preferredEditions,
  reasonsForMessage,
  requestSubTypes,
  requestTypes,
  serviceTypes,
  statuses,
} from './codes.ts';
import { closed, code, dateTime, decimal, region, text, trueOrFalse, wholeNumber } from './leaves.ts';
import { group, many, maybe, one } from './shape.ts';

const new2021 = { only: '2021' } as const;
const old2017 = { only: '1.2' } as const;
const single2017 = { most2017: 1 } as const;
const yesNo = closed(answers);
const serviceType = closed(serviceTypes);

export const agencyId = group({ agencyIdType: one(code), agencyIdValue: one(text) });

export const costs = group({ currencyCode: one(code), monetaryValue: one(decimal) });

const electronicAddress = group({ electronicAddressType: one(code), electronicAddressData: one(text) });

const physicalAddress = group({
  line1: maybe(text),
  line2: maybe(text),
  locality: maybe(text),
  postalCode: maybe(text),
  region: maybe(region),
  country: maybe(code),
});

/** One of the two. */
const address = group({
  electronicAddress: maybe(electronicAddress),
  physicalAddress: maybe(physicalAddress),
});

const authentication = group({ accountId: maybe(text), securityCode: maybe(text) });

/** The editions order the two differently. */
const itemId = group({ bibliographicItemIdentifierCode: one(code), bibliographicItemIdentifier: one(text) }, [
  'bibliographicItemIdentifier',
  'bibliographicItemIdentifierCode',
]);

const recordId = group({
  bibliographicRecordIdentifierCode: one(code),
  bibliographicRecordIdentifier: one(text),
});

export const requestHeader = group({
  supplyingAgencyId: maybe(agencyId, { needed: '1.2' }),
  requestingAgencyId: one(agencyId),
  consortialId: maybe(agencyId, new2021),
  multipleItemRequestId: maybe(text, { needed: '1.2' }),
  timestamp: one(dateTime),
  requestingAgencyRequestId: one(text),
  requestingAgencyAuthentication: maybe(authentication),
});

export const supplyingAgencyMessageHeader = group({
  supplyingAgencyId: one(agencyId),
  requestingAgencyId: one(agencyId),
  multipleItemRequestId: maybe(text, { ...old2017, needed: '1.2' }),
  timestamp: one(dateTime),
  requestingAgencyRequestId: one(text),
  supplyingAgencyRequestId: maybe(text),
});

export const requestingAgencyMessageHeader = group({
  supplyingAgencyId: one(agencyId),
  requestingAgencyId: one(agencyId),
  consortialId: maybe(agencyId, new2021),
  multipleItemRequestId: maybe(text, { ...old2017, needed: '1.2' }),
  timestamp: one(dateTime),
  requestingAgencyRequestId: one(text),
  supplyingAgencyRequestId: maybe(text),
  requestingAgencyAuthentication: maybe(authentication),
});

export const confirmationHeader = group({
  supplyingAgencyId: maybe(agencyId),
  requestingAgencyId: maybe(agencyId),
  timestamp: one(dateTime),
  requestingAgencyRequestId: maybe(text),
  multipleItemRequestId: maybe(text, old2017),
  timestampReceived: one(dateTime),
  messageStatus: one(closed(messageStatuses)),
});

export const errorData = group({ errorType: one(closed(errorTypes)), errorValue: maybe(text) });

const bibliographicInfo = group({
  supplierUniqueRecordId: maybe(text),
  title: maybe(text),
  author: maybe(text),
  authorId: maybe(text, new2021),
  subtitle: maybe(text),
  seriesTitle: maybe(text),
  edition: maybe(text),
  titleOfComponent: maybe(text),
  authorOfComponent: maybe(text),
  volume: many(text, single2017),
  issue: maybe(text),
  pagesRequested: maybe(text),
  estimatedNoPages: maybe(text),
  bibliographicItemId: many(itemId),
  sponsor: maybe(text),
  informationSource: maybe(text),
  bibliographicRecordId: many(recordId),
});

const publicationInfo = group({
  publisher: maybe(text),
  publisherId: maybe(text, new2021),
  publicationType: maybe(code),
  publicationDate: maybe(text),
  placeOfPublication: maybe(text),
});

const serviceInfo = group({
  requestType: maybe(closed(requestTypes)),
  requestSubType: many(closed(requestSubTypes), { most2017: 3 }),
  requestingAgencyPreviousRequestId: maybe(text),
  serviceType: one(serviceType),
  serviceLevel: maybe(code),
  itemFormat: maybe(code, { name2017: 'preferredFormat' }),
  needBeforeDate: maybe(dateTime),
  copyrightCompliance: maybe(code),
  anyEdition: maybe(yesNo),
  preferredEdition: maybe(closed(preferredEditions), new2021),
  loanCondition: many(code, new2021),
  startDate: maybe(dateTime),
  endDate: maybe(dateTime),
  note: maybe(text),
});

const supplierInfo = group({
  sortOrder: maybe(wholeNumber),
  supplierCode: maybe(agencyId),
  supplierDescription: maybe(text),
  bibliographicRecordId: maybe(recordId),
  callNumber: maybe(text),
  summaryHoldings: maybe(text),
  availabilityNote: maybe(text),
});

const requestedDeliveryInfo = group({
  sortOrder: maybe(wholeNumber),
  address: maybe(address),
  deliveryMethod: maybe(code, new2021),
  courierName: maybe(code, new2021),
});

const requestingAgencyInfo = group({
  name: maybe(text),
  contactName: maybe(text),
  address: many(address),
});

const patronInfo = group({
  patronId: maybe(text),
  surname: maybe(text),
  givenName: maybe(text),
  patronType: maybe(code),
  sendToPatron: maybe(yesNo),
  address: many(address),
});

const billingInfo = group({
  paymentMethod: maybe(code),
  maximumCosts: maybe(costs),
  billingMethod: maybe(code),
  billingName: maybe(text),
  address: maybe(address),
});

/** What is offered for a retry stands here in the 2017 edition, in `retryInfo` since 2021; read, it is always there. */
const messageInfo = group({
  reasonForMessage: one(closed(reasonsForMessage)),
  answerYesNo: maybe(yesNo),
  note: maybe(text),
  reasonUnfilled: maybe(code),
  reasonRetry: maybe(code),
  offeredCosts: maybe(costs, old2017),
  retryAfter: maybe(dateTime, old2017),
  retryBefore: maybe(dateTime, old2017),
});

const statusInfo = group({
  status: one(closed(statuses)),
  expectedDeliveryDate: maybe(dateTime),
  dueDate: maybe(dateTime),
  lastChange: one(dateTime),
});

const retryInfo = group({
  loanCondition: many(code),
  edition: many(text),
  itemFormat: many(code),
  volume: many(text),
  serviceType: maybe(serviceType),
  serviceLevel: many(code),
  deliveryMethod: many(code),
  courierName: many(code),
  offeredCosts: many(costs),
  paymentMethod: many(code),
  retryBefore: maybe(dateTime),
  retryAfter: maybe(dateTime),
});

const deliveryInfo = group({
  dateSent: one(dateTime),
  itemId: many(text, single2017),
  URL: maybe(text, new2021),
  deliveryMethod: maybe(code, { name2017: 'sentVia' }),
  address: maybe(address, new2021),
  sentToPatron: maybe(trueOrFalse),
  loanCondition: many(code, single2017),
  itemFormat: maybe(code, { name2017: 'deliveredFormat' }),
  serviceType: maybe(serviceType, new2021),
  deliveryCosts: many(costs, single2017),
  paymentMethod: maybe(code, new2021),
});

const shippingInfo = group({
  courierName: maybe(code),
  trackingId: many(text),
  insurance: maybe(yesNo),
  insuranceThirdParty: maybe(yesNo),
  thirdPartyName: maybe(text),
  insuranceCosts: many(costs),
});

const returnInfo = group({
  returnAgencyId: maybe(agencyId),
  name: maybe(text),
  physicalAddress: maybe(physicalAddress),
});

/** The six messages, by the element they stand in. */
export const messageShapes = {
  request: group({
    header: one(requestHeader),
    bibliographicInfo: one(bibliographicInfo),
    publicationInfo: maybe(publicationInfo),
    serviceInfo: maybe(serviceInfo, { needed: '2021' }),
    supplierInfo: many(supplierInfo),
    requestedDeliveryInfo: many(requestedDeliveryInfo),
    requestingAgencyInfo: maybe(requestingAgencyInfo),
    patronInfo: maybe(patronInfo),
    billingInfo: maybe(billingInfo),
  }),
  requestConfirmation: group({
    confirmationHeader: one(confirmationHeader),
    errorData: many(errorData, single2017),
  }),
  supplyingAgencyMessage: group({
    header: one(supplyingAgencyMessageHeader),
    messageInfo: one(messageInfo),
    statusInfo: one(statusInfo),
    retryInfo: maybe(retryInfo, new2021),
    deliveryInfo: maybe(deliveryInfo),
    shippingInfo: maybe(shippingInfo, new2021),
    returnInfo: maybe(returnInfo),
  }),
  supplyingAgencyMessageConfirmation: group({
    confirmationHeader: one(confirmationHeader),
    reasonForMessage: maybe(closed(reasonsForMessage)),
    errorData: many(errorData, single2017),
  }),
  requestingAgencyMessage: group({
    header: one(requestingAgencyMessageHeader),
    action: one(closed(actions)),
    note: maybe(text),
  }),
  requestingAgencyMessageConfirmation: group({
    confirmationHeader: one(confirmationHeader),
    action: maybe(closed(actions)),
    errorData: many(errorData, single2017),
  }),
} as const;
