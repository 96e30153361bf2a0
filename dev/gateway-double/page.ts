import type { DoubleCheckout, DoubleState } from './books.ts';

/** What somebody at the page can do; the last four are what services should not do, and do. */
export const actions = [
  'pay',
  'decline',
  'leave',
  'pay-twice',
  'pay-more',
  'pay-late',
  'pay-silently',
] as const;

export type PageAction = (typeof actions)[number];

const labels: Readonly<Record<PageAction, string>> = {
  pay: 'Pay',
  decline: 'Let the card be declined',
  leave: 'Go back without paying',
  'pay-twice': 'Pay twice',
  'pay-more': 'Pay one unit more',
  'pay-late': 'Close, and take the money all the same',
  'pay-silently': 'Pay, and send no notification',
};

/** The checkout page of the double, in English: only developers see it. */
export function checkoutPage(checkout: DoubleCheckout, state: DoubleState): string {
  const { ref, description, amountMinor, currency, returnUrl } = checkout;
  const buttons = actions
    .map((action) => `<button name="do" value="${action}">${labels[action]}</button>`)
    .join('\n');
  const form = `<form method="post" action="/checkout/${ref}">${buttons}</form>`;
  const back = `<p><a href="${escaped(returnUrl)}">Back to the library</a></p>`;
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Gateway double</title>
<style>body { font: 16px/1.5 sans-serif; max-width: 34em; margin: 3em auto } button { display: block; margin: .5em 0; padding: .4em 1em }</style>
<h1>Gateway double</h1>
<p>Not a payment service: for development and tests. No money moves.</p>
<p>${escaped(description)}: <strong>${amountMinor} ${escaped(currency)}</strong> in minor units. This checkout is ${state}.</p>
${state === 'open' ? form : back}
</html>
`;
}

function escaped(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
