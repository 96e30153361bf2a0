import { type Ask, expectRefusal, expectStatus, expectThat, waitFor } from './portal.ts';

interface Cast {
  readonly anna: Ask;
  readonly heinrich: Ask;
  readonly cashier: Ask;
}

interface Place {
  readonly tell: (text: string) => void;
  /** Waits for the mail to somebody with this subject, and tells of it. */
  readonly mail: (name: string, subject: string) => Promise<void>;
}

interface Charge {
  readonly id: string;
  readonly causeName: string;
  readonly open: { readonly amountMinor: number };
}

const accountOf = (reader: Ask) => expectStatus(200, reader('GET', '/v1/me/charges'));

async function patronIdOf(cashier: Ask, card: string): Promise<string> {
  const { items } = await expectStatus(200, cashier('GET', `/v1/staff/patrons?card=${card}`));
  return items[0].id;
}

/** What an earlier telling has left under way. */
export async function giveUpPayments({ anna }: Pick<Cast, 'anna'>): Promise<void> {
  const { items } = await expectStatus(200, anna('GET', '/v1/me/payments'));
  for (const { id, state } of items)
    if (state === 'open') await expectStatus(200, anna('POST', `/v1/me/payments/${id}/cancellation`));
}

/** Anna is charged for a card she did not lose, objects, and is heard. */
export async function dispute({ tell, mail }: Place, { anna, cashier }: Cast, card: string): Promise<void> {
  const wish = { cause: 'card', note: 'Ersatz für eine verlorene Karte' };
  const patronId = await patronIdOf(cashier, card);
  const { id, open } = await expectStatus(
    201,
    cashier('POST', `/v1/staff/patrons/${patronId}/charges`, wish),
  );
  const before = await accountOf(anna);
  tell(`Anna finds ${open.text} for a new card in her account, ${before.open.text} in all.`);
  const text = 'Ich habe meine Karte noch.';
  await expectStatus(201, anna('POST', `/v1/me/charges/${id}/dispute`, { text }));
  const held = await accountOf(anna);
  expectThat(held.disputedTotal.amountMinor === open.amountMinor, 'the fee to be held out of the total');
  tell(`„${text}“ The fee is held out until the library has decided; to pay: ${held.open.text}.`);
  const decision = { decision: 'uphold', note: 'Sie haben recht, bitte entschuldigen Sie.' };
  const decided = await expectStatus(
    200,
    cashier('POST', `/v1/staff/charges/${id}/dispute/decision`, decision),
  );
  expectThat(decided.state === 'waived', 'the fee to be waived');
  tell('The cashier agrees with her: the fee is waived.');
  await mail('Anna', 'Ihrer Beanstandung wurde stattgegeben');
}

/** Anna pays what is open at the gateway's page, which here is a double. */
export async function payOnline({ tell, mail }: Place, { anna, cashier }: Cast, card: string): Promise<void> {
  const { items, open } = await accountOf(anna);
  const charges = items as Charge[];
  expectThat(charges.length > 0, 'a fee for the hold that Anna did not collect');
  const { items: ways } = await expectStatus(200, anna('GET', '/v1/me/ways-to-pay'));
  const online = ways.find((each: { means: string }) => each.means === 'online');
  const wish = { chargeIds: charges.map(({ id }) => id), means: 'online', way: online.way };
  const wrong = { ...wish, totalMinor: open.amountMinor + 1 };
  await expectRefusal(anna('POST', '/v1/me/payments', wrong), 'total-changed');
  const payment = await expectStatus(
    201,
    anna('POST', '/v1/me/payments', { ...wish, totalMinor: open.amountMinor }),
  );
  tell(`She owes ${open.text} for a hold she did not collect, and pays it online.`);
  const taken = { lines: [{ chargeId: charges[0]?.id, amountMinor: 1 }], means: 'cash', branch: 'main' };
  const atDesk = cashier('POST', `/v1/staff/patrons/${await patronIdOf(cashier, card)}/payments`, taken);
  const why = await expectRefusal(atDesk, 'charge-in-payment');
  tell(`Meanwhile nobody can pay it a second time: “${why}”`);
  const body = new URLSearchParams({ do: 'pay' });
  await fetch(payment.checkoutUrl, { method: 'POST', body, redirect: 'manual' });
  const paid = await waitFor('the payment to be booked', 30, async () => {
    const { body: seen } = await anna('GET', `/v1/me/payments/${payment.id}`);
    return seen.state === 'settled' ? seen : undefined;
  });
  tell(`She pays at the gateway’s page; the library asks the gateway and books ${paid.received.text}.`);
  await mail('Anna', `Zahlung eingegangen: ${paid.received.text.replaceAll('\u00A0', ' ')}`);
}

/** Heinrich pays in advance, and a fee is taken from his balance. */
export async function payInAdvance(
  { tell }: Place,
  { heinrich, cashier }: Cast,
  card: string,
): Promise<void> {
  const patronId = await patronIdOf(cashier, card);
  const path = `/v1/staff/patrons/${patronId}`;
  const { credit: before } = await accountOf(heinrich);
  await expectStatus(
    201,
    cashier('POST', `${path}/payments`, { prepaidMinor: 500, means: 'cash', branch: 'main' }),
  );
  const printed = { cause: 'printing', amountMinor: 120, note: '12 Seiten' };
  const charge = await expectStatus(201, cashier('POST', `${path}/charges`, printed));
  expectThat(charge.state === 'paid', 'the fee to be taken from the balance');
  const { credit } = await accountOf(heinrich);
  expectThat(credit.amountMinor === before.amountMinor + 380, 'the balance to be what is left');
  tell(`Heinrich pays 5.00 in at the desk; 12 printed pages are taken from it. His balance: ${credit.text}.`);
}
