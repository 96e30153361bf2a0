import { readerPassword } from '../demo-library/sign-ins.ts';
import { type Ask, expectStatus, expectThat, openPortal, waitFor } from './portal.ts';

const library = 'demo';

interface Place {
  readonly url: string;
  readonly mailboxUrl: string;
  readonly tell: (text: string) => void;
}

interface Mail {
  readonly subject: string;
  readonly text: string;
}

/** The first mail to an address with such a text. */
async function mailTo({ mailboxUrl }: Place, address: string, wanted: RegExp): Promise<Mail> {
  return waitFor(`a mail to ${address}`, 30, async () => {
    const response = await fetch(`${mailboxUrl}/messages.json?to=${encodeURIComponent(address)}`);
    const { messages } = (await response.json()) as { messages: Mail[] };
    return messages.find(({ text }) => wanted.test(text));
  });
}

/** Somebody new applies for a card on the web, confirms the address, is approved by the desk, and signs in. */
export async function register(place: Place, desk: Ask): Promise<void> {
  const { url, tell } = place;
  const door = openPortal(url, 'en');
  const email = `mia.${Date.now()}@demo.library.example`;
  const fields = { name: 'Mia Neumann', birthDate: '1990-01-31', email, password: readerPassword };
  const apply = (form: object) =>
    door('POST', '/v1/applications', { library, procedure: 'web', fields: form });

  const wrong = await expectStatus(422, apply({ ...fields, name: 'Mia_Neumann', password: '31.01.1990' }));
  const told = (wrong.reasons as { detail: string }[]).map(({ detail }) => detail);
  expectThat(told.length > 2, 'every mistake to be told at once');
  tell(`Mia would like a card and fills in the form. All that is wrong with it: “${told.join(' ')}”`);

  const received = await expectStatus(202, apply(fields));
  tell(`She corrects it: “${received.text}”`);
  await expectStatus(202, apply(fields));
  const confirming = /\/applications\/([0-9a-f-]{36})\/confirmations\/(\d+)#([\w-]{43})/u;
  const mail = await mailTo(place, email, confirming);
  tell(`    ✉ to Mia: ${mail.subject}`);
  const [, id = '', version, secret] = confirming.exec(mail.text) ?? [];
  const link = { version: Number(version), secret };
  const application = await expectStatus(200, door('POST', `/v1/applications/${id}/confirmations`, link));
  expectThat(application.state === 'reviewing', 'the application to be reviewed');
  tell(`She opens the link: “${application.next}”`);

  const { items } = await expectStatus(
    200,
    desk('GET', '/v1/staff/tasks?state=open&kind=review-application&limit=100'),
  );
  const tasks = items.filter((each: { application: { id: string } }) => each.application.id === id);
  expectThat(tasks.length === 1, 'one task to review it, although the form was sent twice');
  const seen = { state: 'reviewing', version: 1 };
  const decided = await expectStatus(
    200,
    desk('POST', `/v1/staff/applications/${id}/decisions`, { decision: 'approve', seen }),
  );
  tell(`The desk looks at it and approves: card ${decided.reader.card}.`);
  await mailTo(place, email, new RegExp(decided.reader.card, 'u'));
  await expectStatus(201, door('POST', '/v1/sessions', { library, name: email, password: readerPassword }));
  tell('The number is in her mail. She signs in with her e-mail address.');
}
