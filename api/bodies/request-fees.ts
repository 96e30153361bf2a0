import type { z } from 'zod';
import { pricesOf } from '../../domain/ill-prices.ts';
import type { IllPricesPolicy, IllSubsidy, ReaderPrice } from '../../domain/policy-ill-prices.ts';
import { peersOf } from '../../domain/policy-peers.ts';
import type { requestFees } from '../schemas/fees.ts';
import type { Words } from '../words.ts';
import { moneyOf } from './desk.ts';

type Body = z.input<typeof requestFees>;
type Scope = Partial<Pick<ReaderPrice, 'services' | 'literature' | 'peers' | 'userGroups'>>;

/** What readers pay for what other libraries have, and what the library pays of it, in words (I20); null where it obtains nothing. */
export function requestFeesOf(words: Words): Body | null {
  if (words.policy.ill === 'none') return null;
  const prices = pricesOf(words.policy);
  return {
    prices: prices.readers.map((rule) => ({
      for: scopeOf(words, prices, rule),
      parts: partsOf(words, rule),
      atLeast: shown(words, rule.minimumMinor),
      atMost: shown(words, rule.maximumMinor),
    })),
    subsidies: prices.subsidies.map((rule) => ({
      for: scopeOf(words, prices, rule),
      text: subsidyText(words, rule),
      atMost: shown(words, rule.atMostMinor),
    })),
    rates: prices.rates.map(({ currency, rate, on }) => ({
      currency,
      rate,
      on,
      text: words.say('requestFees.rate', { currency, rate, own: words.policy.currency, on }),
    })),
    page: prices.page ?? null,
  };
}

const shown = (words: Words, minor: number | undefined) =>
  minor === undefined ? null : moneyOf(words, minor);

/** For what and for whom a rule is; nothing: for all that no rule before it is for. */
function scopeOf(words: Words, prices: IllPricesPolicy, scope: Scope): string[] {
  const { policy, language } = words;
  const peerName = (code: string): string =>
    prices.groups.find((each) => each.code === code)?.name[language] ??
    peersOf(policy).find((each) => each.code === code)?.name[language] ??
    code;
  const groupName = (code: string): string =>
    policy.userGroups.find((each) => each.code === code)?.name[language] ?? code;
  return [
    (scope.services ?? []).map((each) => words.text(`request.service.${each}`)),
    (scope.literature ?? []).map((each) => words.text(`request.literature.${each}`)),
    (scope.peers ?? []).map(peerName),
    (scope.userGroups ?? []).map(groupName),
  ].flatMap((names) => (names.length === 0 ? [] : [names.join(', ')]));
}

function partsOf(words: Words, rule: ReaderPrice): string[] {
  const part = (key: string, minor: number | undefined) =>
    minor === undefined || minor === 0
      ? []
      : [words.say(`requestFees.${key}`, { amount: moneyOf(words, minor).text })];
  const parts = [
    ...part('per-item', rule.perItemMinor),
    ...part('per-page', rule.perPageMinor),
    ...(rule.actualCost ? [words.text('requestFees.actual-cost')] : []),
    ...part('handling', rule.handlingMinor),
  ];
  return parts.length === 0 ? [words.text('requestFees.free')] : parts;
}

function subsidyText(words: Words, { whole, percent, amountMinor = 0 }: IllSubsidy): string {
  if (whole) return words.text('requestFees.whole');
  if (percent !== undefined) return words.say('requestFees.percent', { percent });
  return words.say('requestFees.amount', { amount: moneyOf(words, amountMinor).text });
}
