import type { Reason } from './refusal.ts';
import type { Actor } from './roles.ts';

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

/** What a reviewer can decide (A5). */
export const decisions = ['approve', 'reject', 'reject-for-good', 'ask', 'merge'] as const;

export type ReviewDecision = (typeof decisions)[number];

/** What an application is after a decision. */
export const stateAfter: Readonly<Record<ReviewDecision, ApplicationState>> = {
  approve: 'approved',
  reject: 'correcting',
  'reject-for-good': 'rejected',
  ask: 'questioned',
  merge: 'merged',
};

const open: readonly ApplicationState[] = ['confirming', 'reviewing', 'questioned', 'correcting'];

/** Whether something can still become of it. */
export function isOpenApplication(state: ApplicationState): boolean {
  return open.includes(state);
}

/** What the rules need to know of an application. */
export interface ApplicationFacts {
  readonly state: ApplicationState;
  readonly version: number;
  /** Who asked or decided last, and when. */
  readonly decidedBy?: Actor | null | undefined;
  readonly decidedAt?: Date | null | undefined;
}

/** What a reviewer had in view when deciding. */
export interface Seen {
  readonly state: ApplicationState;
  readonly version: number;
}

function ended({ state }: ApplicationFacts): Reason[] {
  return [{ code: 'application-ended', state }];
}

/** Names who came first, so that the other of two librarians is told (A5). */
function decided({ state, decidedBy, decidedAt }: ApplicationFacts): Reason[] {
  return [
    {
      code: 'application-decided',
      state,
      by: decidedBy ?? 'system',
      ...(decidedAt && { at: decidedAt.toISOString() }),
    },
  ];
}

/**
 * Why a reviewer's decision cannot stand. It is about the application as the reviewer saw it: whatever a colleague or the applicant did meanwhile goes before.
 * Staff may also decide while the applicant has it – the answer may have come by telephone.
 */
export function decisionReasons(
  now: ApplicationFacts,
  seen: Seen,
  wish: { readonly decision: ReviewDecision; readonly hasRemark: boolean; readonly needsAccount: boolean },
): Reason[] {
  const byStaff = now.decidedBy != null;
  if (!isOpenApplication(now.state)) return byStaff ? decided(now) : ended(now);
  if (now.version !== seen.version) return [{ code: 'application-changed', version: now.version }];
  if (now.state !== seen.state)
    return byStaff ? decided(now) : [{ code: 'application-changed', version: now.version }];
  const reasons: Reason[] = [];
  if (now.state === 'confirming') reasons.push({ code: 'application-unconfirmed' });
  if (['reject', 'reject-for-good', 'ask'].includes(wish.decision) && !wish.hasRemark)
    reasons.push({ code: 'remark-missing' });
  if (wish.decision === 'merge' && wish.needsAccount) reasons.push({ code: 'application-has-account' });
  return reasons;
}

/** Why the applicant cannot answer or correct: it is not their turn, or another version has come in meanwhile. */
export function resubmissionReasons(now: ApplicationFacts, version: number): Reason[] {
  if (!isOpenApplication(now.state)) return ended(now);
  if (!['questioned', 'correcting'].includes(now.state))
    return [{ code: 'application-not-awaited', state: now.state }];
  return version === now.version + 1 ? [] : [{ code: 'application-changed', version: now.version }];
}

/** Why a confirmation does nothing; one of the version that is confirmed already is no mistake. */
export function confirmationReasons(now: ApplicationFacts, version: number): Reason[] {
  if (!isOpenApplication(now.state)) return ended(now);
  return version === now.version ? [] : [{ code: 'application-changed', version: now.version }];
}

/** Why it cannot be withdrawn. */
export function withdrawalReasons(now: ApplicationFacts): Reason[] {
  return isOpenApplication(now.state) ? [] : ended(now);
}
