/** What a title of the catalogue is; limits, loan periods and renewals depend on it (H2, L1, L2). */
export const kinds = ['book', 'magazine', 'audiovisual'] as const;

export type CatalogueKind = (typeof kinds)[number];

/** All that is kept for readers and lent to them: `ill` is another library's, of a title that no catalogue shows (I9). */
export const lentKinds = [...kinds, 'ill'] as const;

export type Kind = (typeof lentKinds)[number];

/** How many of each kind a reader has; a kind that is missing counts as none. */
export type KindCounts = Readonly<Partial<Record<Kind, number>>>;

/** Where a copy is; `lent-out`: with another library (I8). */
export const itemStates = [
  'available',
  'on-loan',
  'hold-shelf',
  'put-away',
  'in-transit',
  'lent-out',
  'missing',
  'lost',
  'withdrawn',
] as const;

export type ItemState = (typeof itemStates)[number];

/** How a reader hears that a copy is kept for them (H4). */
export const contactMethods = ['mail', 'phone', 'none'] as const;

export type ContactMethod = (typeof contactMethods)[number];

/** What a reader is told by Carrel (N1). */
export const noticeKinds = [
  'placed',
  'secured',
  'lapsed',
  'cancelled',
  'passed-over',
  'due-soon',
  'overdue',
  'password-link',
  'application-confirm',
  'application-received',
  'application-question',
  'application-rejected',
  'application-refused',
  'application-approved',
  'application-merged',
  'application-lapsed',
  'application-overdue',
  'confirm-email',
  'email-registered',
  'email-changed',
  'email-failing',
  'test-mail',
  'family-linked',
  'family-unlinked',
  'family-consent',
  'family-consent-ended',
  'membership-due',
  'reconciliation-differs',
  'library-settlement',
  'dispute-decided',
  'payment-received',
  'payment-short',
  'payment-double',
  'payment-returned',
  'payment-instructions',
  'payment-expiring',
  'voucher-refused',
  'invoice-issued',
  'ill-arrived',
  'ill-sent',
  'ill-unusable',
  'ill-renewed',
  'ill-not-renewed',
  'ill-recalled',
  'ill-overdue',
  'ill-lost',
  'ill-due-soon',
  'ill-document',
  'ill-document-held',
  'ill-document-expired',
  'ill-submitted',
  'ill-promised',
  'ill-asked',
  'ill-unfilled',
  'ill-cancelled',
  'ill-cancel-refused',
  'ill-rejected',
  'ill-form',
] as const;

export type NoticeKind = (typeof noticeKinds)[number];

/** Notices with a link that is for whoever reads the mail: their text is shown to nobody else, not even in the account. */
export const noticesWithSecret = [
  'ill-document',
  'password-link',
  'confirm-email',
  'application-confirm',
  'application-received',
  'application-question',
  'application-rejected',
] as const;
