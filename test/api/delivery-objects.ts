const mine = 'post /v1/me/requests/:id';
const staffs = 'post /v1/staff/requests/:id';

/** What people do with what other libraries send. */
export const deliveryBodies: Readonly<Record<string, unknown>> = {
  [`${mine}/place`]: { place: 'main' },
  [`${staffs}/arrival`]: { desk: 'main' },
  [`${staffs}/hand-out`]: {},
  [`${staffs}/take-back`]: { desk: 'main' },
  [`${staffs}/send-back`]: {},
  [`${staffs}/renewal`]: {},
  [`${staffs}/renewal-answer`]: { answer: 'no' },
  [`${staffs}/loss`]: {},
  [`${staffs}/loss-charge`]: { charge: false },
  [`${staffs}/return-check`]: { back: false },
  [`${staffs}/inquiry`]: {},
  [`${staffs}/link`]: {},
  [`${staffs}/document-withdrawal`]: {},
  [`${staffs}/place`]: { place: 'main' },
  'post /v1/document-links/:id': { secret: 'x' },
};
