import { readerPassword, staff } from '../demo-library/sign-ins.ts';
import { askThroughCentre } from './centre.ts';
import { borrowElsewhere, haveCopied } from './ill.ts';
import { dispute, giveUpPayments, payInAdvance, payOnline } from './money.ts';
import { register } from './registration.ts';
import { type Ask, expectRefusal, expectStatus, expectThat, openPortal, waitFor } from './portal.ts';

const library = 'demo';

export interface Setting {
  readonly url: string;
  readonly mailboxUrl: string;
  /** When the story begins, in ISO 8601; mails of earlier tellings are older. */
  readonly begun: string;
  /** Tells a step of the story. */
  readonly tell: (text: string) => void;
}

interface Cast {
  readonly hanako: Ask;
  readonly anna: Ask;
  readonly heinrich: Ask;
  readonly emma: Ask;
  readonly librarian: Ask;
  readonly desk: Ask;
  readonly cashier: Ask;
  readonly operator: Ask;
}

const cards = { hanako: '01000001', anna: '01000005', heinrich: '01000009', emma: '01000007' };

async function signInAll({ url, tell }: Setting): Promise<Cast> {
  const door = openPortal(url, 'en');
  const wrong = { library, card: cards.anna, password: 'not her password' };
  await expectStatus(401, door('POST', '/v1/sessions', wrong));
  const reader = async (card: string, language: string) => {
    const { token } = await expectStatus(
      201,
      door('POST', '/v1/sessions', { library, card, password: readerPassword }),
    );
    return openPortal(url, language, token);
  };
  const member = async (login: string) => {
    const password = staff.find((each) => each.login === login)?.password;
    const { token } = await expectStatus(
      201,
      door('POST', '/v1/staff/sessions', { library, login, password }),
    );
    return openPortal(url, 'en', token);
  };
  const cast = {
    hanako: await reader(cards.hanako, 'ja'),
    anna: await reader(cards.anna, 'de'),
    heinrich: await reader(cards.heinrich, 'de'),
    emma: await reader(cards.emma, 'en'),
    librarian: await member('ill'),
    desk: await member('desk'),
    cashier: await member('cashier'),
    operator: await member('operator'),
  };
  tell(
    'Hanako, Anna, Heinrich, Emma, the librarian for interlibrary loan, the desk, the cashier and an operator have signed in; a wrong password was refused.',
  );
  return cast;
}

/** What a telling that was broken off has left behind. */
async function clearUp({ hanako, anna, heinrich, desk }: Cast): Promise<void> {
  await giveUpPayments({ anna });
  for (const reader of [hanako, anna, heinrich]) {
    const holds = await expectStatus(200, reader('GET', '/v1/me/holds?state=open'));
    for (const { id } of holds.items) {
      await expectStatus(
        200,
        desk('POST', `/v1/staff/holds/${id}/cancellation`, { reason: 'The story begins anew.' }),
      );
    }
    const loans = await expectStatus(200, reader('GET', '/v1/me/loans'));
    for (const { item } of loans.items) {
      await expectStatus(200, desk('POST', '/v1/staff/check-ins', { barcode: item.barcode, branch: 'main' }));
    }
  }
}

interface Book {
  readonly id: string;
  readonly title: string;
  readonly barcode: string;
}

/** A book of which one copy is there, on the shelf, so that a second reader has to wait. */
async function chooseBook(cast: Cast): Promise<Book> {
  for (let cursor = ''; ;) {
    const page = await expectStatus(200, cast.desk('GET', `/v1/titles?library=${library}&limit=50${cursor}`));
    for (const { id, kind, title, copies, openHolds } of page.items) {
      if (kind !== 'book' || copies.available !== 1 || Object.keys(copies).length !== 1 || openHolds > 0)
        continue;
      const { items } = await expectStatus(200, cast.desk('GET', `/v1/titles/${id}`));
      if (items[0].atBranch === 'main') return { id, title, barcode: items[0].barcode };
    }
    expectThat(Boolean(page.next), 'a book with one copy on the shelf of the main library');
    cursor = `&cursor=${encodeURIComponent(page.next)}`;
  }
}

/** The whole story; throws a Surprise at the first thing that is not as it should be. */
export async function tellStory(setting: Setting): Promise<void> {
  const { tell } = setting;
  const cast = await signInAll(setting);
  await clearUp(cast);
  const book = await chooseBook(cast);
  tell(`The book of this story: “${book.title}”, one copy, on the shelf.`);
  await lend(setting, cast, book);
  const holds = await placeHolds(setting, cast, book);
  await refuseRenewal(setting, cast, book);
  await giveBack(setting, cast, book);
  await letLapse(setting, cast, book, holds.anna);
  await phone(setting, cast, holds.heinrich);
  await collect(setting, cast, book, holds.heinrich);
  await renewAndReturn(setting, cast, book);
  await readTheStory(setting, cast, holds.anna);
  const place = { tell, mail: (name: string, subject: string) => mailTo(setting, name, subject) };
  await dispute(place, cast, cards.anna);
  await payOnline(place, cast, cards.anna);
  await payInAdvance(place, cast, cards.heinrich);
  await borrowElsewhere({ ...place, url: setting.url }, cast);
  await haveCopied({ ...place, url: setting.url }, cast);
  await askThroughCentre({ ...place, url: setting.url }, cast);
  await register(setting, cast.desk);
}

async function lend({ tell }: Setting, { anna, desk }: Cast, book: Book): Promise<void> {
  const early = { titleId: book.id, pickupPlace: 'main', contact: 'mail' };
  const why = await expectRefusal(anna('POST', '/v1/holds', early), 'on-shelf');
  tell(`Anna asks for it and is told: „${why}“`);
  const loan = await expectStatus(
    201,
    desk('POST', '/v1/staff/check-outs', { card: cards.hanako, barcode: book.barcode, branch: 'main' }),
  );
  tell(`Hanako borrows it at the desk, until ${loan.dueText}.`);
}

async function placeHolds(
  { tell }: Setting,
  { anna, heinrich }: Cast,
  book: Book,
): Promise<{ anna: string; heinrich: string }> {
  const wish = { titleId: book.id, pickupPlace: 'main' };
  const hers = await expectStatus(201, anna('POST', '/v1/holds', { ...wish, contact: 'mail' }));
  expectThat(hers.position === 1, 'Anna to be first in the queue');
  await expectRefusal(
    heinrich('POST', '/v1/holds', { ...wish, contact: 'mail' }),
    'contact-mail-unavailable',
  );
  const his = await expectStatus(201, heinrich('POST', '/v1/holds', { ...wish, contact: 'phone' }));
  expectThat(his.position === 2, 'Heinrich to be second in the queue');
  tell(
    'Anna places a hold and is first in the queue; Heinrich, who has no mail address, is second and will be phoned.',
  );
  return { anna: hers.id, heinrich: his.id };
}

async function refuseRenewal({ tell }: Setting, { hanako }: Cast, book: Book): Promise<void> {
  const { items } = await expectStatus(200, hanako('GET', '/v1/me/loans'));
  const loan = items.find((each: { item: { barcode: string } }) => each.item.barcode === book.barcode);
  expectThat(loan?.renewable === false, 'the list to say that the loan cannot be renewed');
  const why = await expectRefusal(hanako('POST', `/v1/loans/${loan.id}/renewals`), 'renewal-title-held');
  tell(`Hanako would like to keep it longer: 「${why}」`);
}

async function giveBack(setting: Setting, { desk, anna }: Cast, book: Book): Promise<void> {
  const scan = { barcode: book.barcode, branch: 'main' };
  const checked = await expectStatus(200, desk('POST', '/v1/staff/check-ins', scan));
  expectThat(
    checked.do === 'keep' && checked.hold.reader.card === cards.anna,
    'the copy to be kept for Anna',
  );
  setting.tell(`Hanako brings it back. The desk reads: “${checked.text}”`);
  const again = await expectStatus(200, desk('POST', '/v1/staff/check-ins', scan));
  expectThat(again.do === 'keep', 'the same instruction when the copy is scanned once more');
  const hold = await waitFor('the mail to Anna', 30, async () => {
    const { body } = await anna('GET', `/v1/holds/${checked.hold.id}`);
    return body.keepUntil ? body : undefined;
  });
  await mailTo(setting, 'Anna', `Abholbereit: ${book.title}`);
  setting.tell(
    `Anna has until ${new Date(hold.keepUntil).toLocaleTimeString('en-GB')}. A week, elsewhere; here, less than a minute.`,
  );
}

/** The subject of a mail that a reader was sent during the story, as the development mailbox shows it. */
async function mailTo({ mailboxUrl, begun, tell }: Setting, name: string, wanted: string): Promise<void> {
  const { subject } = await waitFor(`a mail to ${name}`, 30, async () => {
    const response = await fetch(`${mailboxUrl}/messages.json`);
    const { messages } = (await response.json()) as { messages: Mail[] };
    return messages.find(
      (mail) =>
        mail.to.some((to) => to.startsWith(name.toLowerCase())) &&
        mail.subject === wanted &&
        mail.receivedAt > begun,
    );
  });
  tell(`    ✉ to ${name}: ${subject}`);
}

interface Mail {
  readonly to: readonly string[];
  readonly subject: string;
  /** ISO 8601, as `begun`. */
  readonly receivedAt: string;
}

async function letLapse(setting: Setting, { anna, desk }: Cast, book: Book, holdId: string): Promise<void> {
  setting.tell('Anna does not come …');
  const lapsed = await waitFor('the lapse', 120, async () => {
    const { body } = await anna('GET', `/v1/holds/${holdId}`);
    return body.state === 'lapsed' ? body : undefined;
  });
  setting.tell(`Her hold is over: „${lapsed.endText}“ The next reader is served at once.`);
  await mailTo(setting, 'Anna', `Nicht mehr für Sie bereitgehalten: ${book.title}`);
  const { items } = await expectStatus(200, desk('GET', '/v1/staff/lists/hold-shelf'));
  const kept = items.some((each: { reader: { card: string } }) => each.reader.card === cards.heinrich);
  expectThat(kept, 'the copy to be on the hold shelf for Heinrich');
}

async function phone({ tell }: Setting, { desk, heinrich }: Cast, holdId: string): Promise<void> {
  const { items } = await expectStatus(200, desk('GET', '/v1/staff/tasks?state=open'));
  const task = items.find((each: { holdId: string }) => each.holdId === holdId);
  expectThat(Boolean(task), 'a task to phone Heinrich');
  tell('The desk has a task: phone Heinrich. It does, and records the call.');
  await expectStatus(200, desk('POST', `/v1/staff/tasks/${task.id}/resolution`, { outcome: 'reached' }));
  const { body } = await heinrich('GET', `/v1/holds/${holdId}`);
  expectThat(Boolean(body.keepUntil), 'the window to begin with the call');
}

async function collect(
  { tell }: Setting,
  { desk, heinrich }: Cast,
  book: Book,
  holdId: string,
): Promise<void> {
  const wish = { card: cards.heinrich, barcode: book.barcode, branch: 'main' };
  const loan = await expectStatus(201, desk('POST', '/v1/staff/check-outs', wish));
  expectThat(loan.holdId === holdId, 'the loan to fulfil the hold');
  const { body } = await heinrich('GET', `/v1/holds/${holdId}`);
  expectThat(body.state === 'collected', 'the hold to have ended');
  tell('Heinrich collects it: his hold has ended, his loan has begun.');
}

async function renewAndReturn({ tell }: Setting, { heinrich, desk }: Cast, book: Book): Promise<void> {
  const { items } = await expectStatus(200, heinrich('GET', '/v1/me/loans'));
  const loan = items.find((each: { item: { barcode: string } }) => each.item.barcode === book.barcode);
  const renewed = await expectStatus(201, heinrich('POST', `/v1/loans/${loan.id}/renewals`));
  expectThat(renewed.dueAt > loan.dueAt, 'a later due date');
  tell('Nobody waits any more: he renews it.');
  const why = await expectRefusal(heinrich('POST', `/v1/loans/${loan.id}/renewals`), 'renewal-limit');
  tell(`Once: „${why}“`);
  const checked = await expectStatus(
    200,
    desk('POST', '/v1/staff/check-ins', { barcode: book.barcode, branch: 'main' }),
  );
  expectThat(checked.do === 'shelve', 'the copy to go back to the shelf');
  tell(`He brings it back. The desk reads: “${checked.text}”`);
}

async function readTheStory({ tell }: Setting, { operator }: Cast, holdId: string): Promise<void> {
  const process = await expectStatus(200, operator('GET', `/v1/staff/processes/hold:${holdId}`));
  tell('What an operator reads of Anna’s hold:');
  for (const { at, text } of process.story ?? process.timeline)
    tell(`    ${new Date(at).toLocaleTimeString('en-GB')}  ${text}`);
}
