const nobody = '0190b0a4-0000-7000-8000-000000000000';

/** What people do with requests while they are being obtained. */
export const requestActBodies = {
  'post /v1/me/requests/:id/answer': { accept: true },
  'post /v1/me/requests/:id/retry': { work: { year: '2001' } },
  'post /v1/staff/requests/:id/review': { decision: 'approve' },
  'post /v1/staff/requests/:id/choose-supplier': { suppliers: ['one'] },
  'post /v1/staff/requests/:id/edit': { work: { year: '2001' } },
  'post /v1/staff/requests/:id/answer': { accept: true },
  'post /v1/staff/requests/:id/record': { step: 'sent' },
  'post /v1/staff/requests/:id/cancel': {},
  'post /v1/staff/requests/:id/price': { amountMinor: 100 },
  'post /v1/staff/requests/:id/late-arrival': { attemptId: nobody, outcome: 'not-come' },
} as const;
