/** Where an application stands; the last five are ends. */
export const applicationStates = [
  /** A mail with a link is out; nobody looks at the application before the address is confirmed. */
  'confirming',
  /** Staff have it. */
  'reviewing',
  /** Staff have asked; the applicant answers. */
  'questioned',
  /** Rejected with a reason; the applicant may correct and submit the same application again. */
  'correcting',
  'approved',
  /** Rejected for good. */
  'rejected',
  'lapsed',
  'withdrawn',
  /** It was somebody's who has a card already; the card has got what the application asked for. */
  'merged',
] as const;

export type ApplicationState = (typeof applicationStates)[number];
