import type { Decision, Expected, MoneyCame, Part, Suggestion, Why } from './matching.ts';
import { feeAllowed, maxSuggestions, scoreOf } from './matching.ts';
import { type PayerName, resemblance } from './payer-names.ts';
import type { MatchingPolicy } from './policy-matching.ts';

/** How much banks have kept of what was due, if that is why less came; nothing otherwise. */
function feeKept({ amount, charges }: MoneyCame, due: bigint, policy: MatchingPolicy): bigint {
  const missing = due - amount;
  return missing > 0n && missing <= feeAllowed(charges, policy) ? missing : 0n;
}

const toPayment = (paymentId: string, amount: bigint): Part => ({
  to: 'payment',
  paymentId,
  amountMinor: Number(amount),
});
const sum = (amounts: readonly bigint[]) => amounts.reduce((all, each) => all + each, 0n);

/**
 * Money that names references (P9). One: whatever came is for its payment, too little and too much included. Several: each gets what is due when that is what
 * came; otherwise staff see how it would be shared in the order of the references.
 */
function byReference(came: MoneyCame, named: readonly Expected[], policy: MatchingPolicy): Decision {
  const reasons: Why[] = ['reference'];
  const usable = named.filter(({ currency }) => currency === came.currency);
  if (usable.length < named.length || usable.length === 0) return { suggestions: [] };
  const [only, another] = usable;
  const waiting = another ? usable.filter(({ due }) => due > 0n) : usable;
  const due = sum(waiting.map((each) => each.due));
  const fee = feeKept(came, due, policy);
  if (only && !another) return { parts: [toPayment(only.paymentId, came.amount + fee)], fee, reasons };
  if (due === came.amount + fee)
    return {
      parts: waiting.map((each) => toPayment(each.paymentId, each.due)),
      fee,
      reasons: [...reasons, 'amount'],
    };
  const parts = shared(came.amount, waiting.length > 0 ? waiting : usable);
  return { suggestions: [{ parts, reasons, score: scoreOf(reasons) }] };
}

/** The money in the order of the payments, to each what is due; what is left goes to the last. */
function shared(amount: bigint, payments: readonly Expected[]): Part[] {
  let left = amount;
  return payments.flatMap(({ paymentId, due }, index) => {
    const share = index === payments.length - 1 || due > left ? left : due;
    left -= share;
    return share > 0n ? [toPayment(paymentId, share)] : [];
  });
}

function whyName(payer: PayerName | undefined, expected: Expected): Why | undefined {
  if (!payer) return undefined;
  const like = resemblance(payer, expected.reader);
  if (like !== undefined && like !== 'name-of-family') return like;
  const ofCard = expected.family.some((name) => {
    const other = resemblance(payer, name);
    return other !== undefined && other !== 'name-of-family';
  });
  return ofCard ? 'name-of-family-card' : like;
}

const daysBetween = (from: string, to: string) => (Date.parse(to) - Date.parse(from)) / 86_400_000;

function isInTime(bookedOn: string, { begunOn }: Expected, { window }: MatchingPolicy): boolean {
  const days = daysBetween(begunOn, bookedOn);
  return days >= -window.before && days <= window.after;
}

/** Why money may be for a payment that it does not name; empty when amount or currency speak against it. */
export function reasonsFor(came: MoneyCame, expected: Expected, policy: MatchingPolicy): Why[] {
  if (expected.currency !== came.currency || expected.due <= 0n) return [];
  const fee = feeKept(came, expected.due, policy);
  if (expected.due !== came.amount + fee) return [];
  const name = whyName(came.payer, expected);
  return [
    fee > 0n ? 'amount-less-fees' : 'amount',
    ...(name ? [name] : []),
    ...(isInTime(came.bookedOn, expected, policy) ? (['date'] as const) : []),
  ];
}

const sure: readonly Why[] = ['name', 'name-cut-off'];

/** Amount to the cent, the payer's whole name, the time, and a payment that still waits. */
function isSure({ reasons, expected }: Weighed): boolean {
  const named = reasons.some((why) => sure.includes(why));
  return named && reasons.includes('amount') && reasons.includes('date') && expected.endedOn === null;
}

interface Weighed {
  readonly expected: Expected;
  readonly reasons: readonly Why[];
}

/** Money without a reference (P9): booked where amount, payer and time leave one payment only, and no other has the same payer and amount; else suggested. */
function byPayer(came: MoneyCame, candidates: readonly Expected[], policy: MatchingPolicy): Decision {
  const weighed = candidates
    .map((expected): Weighed => ({ expected, reasons: reasonsFor(came, expected, policy) }))
    .filter(({ reasons }) => reasons.length > 0);
  const [only, ...rivals] = weighed.filter(({ reasons }) => reasons.some((why) => sure.includes(why)));
  if (policy.byName && only && rivals.length === 0 && isSure(only))
    return { parts: [toPayment(only.expected.paymentId, came.amount)], fee: 0n, reasons: only.reasons };
  const single = weighed.map(({ expected, reasons }) => ({
    parts: [toPayment(expected.paymentId, expected.due)],
    reasons,
    score: scoreOf(reasons),
  }));
  return { suggestions: [...single, ...together(came, candidates, policy)] };
}

/** Several payments of one family, or of one payer, that come to the amount together: a parent who pays for the children. */
function together(came: MoneyCame, candidates: readonly Expected[], policy: MatchingPolicy): Suggestion[] {
  const near = candidates.filter(
    (each) =>
      each.due > 0n && each.due < came.amount && each.currency === came.currency && whyName(came.payer, each),
  );
  if (near.length < 2 || sum(near.map(({ due }) => due)) !== came.amount) return [];
  const names = near.map((each) => whyName(came.payer, each) as Why);
  const inTime = near.every((each) => isInTime(came.bookedOn, each, policy));
  const reasons: Why[] = [
    ...new Set<Why>(['amount-together', ...names, ...(inTime ? (['date'] as const) : [])]),
  ];
  const parts = near.map(({ paymentId, due }) => toPayment(paymentId, due));
  return [{ parts, reasons, score: scoreOf([...reasons].slice(0, 3)) }];
}

/** The likeliest suggestions, each once; of equal ones in the order given. */
export function ranked(suggestions: readonly Suggestion[]): Suggestion[] {
  const likeliest = new Map<string, Suggestion>();
  for (const suggestion of suggestions.toSorted((a, b) => b.score - a.score)) {
    const key = JSON.stringify(suggestion.parts);
    if (!likeliest.has(key)) likeliest.set(key, suggestion);
    if (likeliest.size === maxSuggestions) break;
  }
  return [...likeliest.values()];
}

/**
 * What becomes of money that came in (P9): reference, then amount and payer, then suggestions.
 *
 * @param named the payments whose references it names, in the order in which they stand there
 * @param candidates payments that may be meant when it names none: of the same amount, or of the payer's family
 */
export function decide(
  came: MoneyCame,
  named: readonly Expected[],
  candidates: readonly Expected[],
  policy: MatchingPolicy,
): Decision {
  const decision = named.length > 0 ? byReference(came, named, policy) : byPayer(came, candidates, policy);
  return 'suggestions' in decision ? { suggestions: ranked(decision.suggestions) } : decision;
}
