import { v7 as uuid } from 'uuid';
import { type Answer, type Carrel, until } from './carrel.ts';
import type { Console } from './desk.ts';

type Written = Readonly<Record<string, string>>;

/** Where a mail's link leads: an application, perhaps the version whose address it confirms, and the secret. */
export interface Link {
  readonly id: string;
  readonly version: number | null;
  readonly secret: string;
}

/** Reads the links to applications in a mail's text. */
export function linksIn(text: string): Link[] {
  const found = text.matchAll(/\/applications\/([0-9a-f-]{36})(?:\/confirmations\/(\d+))?#([\w-]{43})/gu);
  return [...found].map(([, id = '', version, secret = '']) => ({
    id,
    version: version === undefined ? null : Number(version),
    secret,
  }));
}

let serial = 0;

/** The form of an external reader at Zhejiang University; no two are of the same person. */
export const externalForm = (given: object = {}) => {
  serial += 1;
  const number = String(serial).padStart(3, '0');
  return {
    institution: '杭州电子科技大学',
    name: '陈一',
    email: `chen${number}@hdu.example`,
    login: `ext${number}`,
    password: 'a1b2c3',
    ...given,
  };
};

/** A reviewer decides on a version that waits for the review. */
export const decide = (who: Console, id: string, version: number, body: object) =>
  who.post(`/v1/staff/applications/${id}/decisions`, { seen: { state: 'reviewing', version }, ...body });

/** People who have no account and apply for one; all of one library, over HTTP and by the mails they get. */
export function createApplicants(carrel: Carrel, library = carrel.build.library, language = 'en') {
  const call = (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) =>
    carrel.call(undefined, method, path, body, { 'accept-language': language, ...headers });

  const apply = (procedure: string, fields: Written, key: string = uuid()): Promise<Answer> =>
    call('POST', '/v1/applications', { library, procedure, fields }, { 'idempotency-key': key });

  const mailTo = (address: string, subject: RegExp) =>
    carrel.mailbox.waitFor((mail) => mail.to.includes(address) && subject.test(mail.subject));

  const mailsTo = (address: string) => carrel.mailbox.messages.filter((mail) => mail.to.includes(address));

  const confirm = ({ id, version, secret }: Link) =>
    call('POST', `/v1/applications/${id}/confirmations`, { version, secret });

  /** An applicant who has the secret of their mail. */
  const holding = ({ id, secret }: Link) => {
    const headers = { 'application-secret': secret };
    const post = (what: string, body?: unknown, key: string = uuid()) =>
      call('POST', `/v1/applications/${id}/${what}`, body, { ...headers, 'idempotency-key': key });
    const status = () => call('GET', `/v1/applications/${id}`, undefined, headers);
    return {
      id,
      status,
      post,
      /** Asks until the application stands as expected. */
      when: (satisfied: (body: Answer['body']) => boolean) =>
        until(async () => (await status()).body, satisfied),
    };
  };

  /** Applies, reads the mail and confirms the address. */
  const confirmed = async (procedure: string, fields: Written & { readonly email: string }) => {
    const received = await apply(procedure, fields);
    if (received.status !== 202) throw new Error(JSON.stringify(received.body));
    const links = linksIn((await mailTo(fields.email, /./u)).text);
    const toConfirm = links.find(({ version }) => version !== null);
    const toFollow = links.find(({ version }) => version === null);
    if (!toConfirm || !toFollow) throw new Error('The mail has not both links.');
    const answered = await confirm(toConfirm);
    if (answered.status !== 200) throw new Error(JSON.stringify(answered.body));
    return holding(toFollow);
  };

  const signIn = (name: string, password: string) =>
    call('POST', '/v1/sessions', { library, name, password });

  return {
    call,
    signIn,
    apply,
    mailTo,
    mailsTo,
    confirm,
    holding,
    confirmed,
    address: () => `applicant${(serial += 1)}@example.org`,
  };
}

export type Applicants = ReturnType<typeof createApplicants>;
