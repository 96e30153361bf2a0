import { Temporal } from 'temporal-polyfill';
import { v7 as uuid } from 'uuid';
import {
  ApplicationForm,
  Credential,
  EmailConfirmation,
  Patron,
  PatronIdentity,
} from '../../db/entities/index.ts';
import { present } from '../../db/locks.ts';
import { dataOf } from '../../db/patron-data.ts';
import type { Tx } from '../../db/transaction.ts';
import { civilDay } from '../../domain/calendar.ts';
import { isCardNumber, type LibraryPolicy } from '../../domain/policy.ts';
import { cardNumberOf, type CardSource } from '../../domain/policy-registration.ts';
import type { Reason } from '../../domain/refusal.ts';
import type { Actor } from '../../domain/roles.ts';
import { endOf } from '../../domain/review-deadlines.ts';
import { instant, toDate } from '../facts.ts';
import { noteChange } from '../accounts/note-change.ts';
import { queueNotice } from '../notices/queue-notice.ts';
import { applicationSubject, record, type Subject } from '../record.ts';
import type { Held } from './registration-moves.ts';
import type { AccountTerms } from './registration-steps.ts';

/** How long the link in the mail works that confirms an address nobody has confirmed yet. */
const confirmWithin = 'P7D';

export interface Grant {
  readonly actor: Actor;
  readonly terms: AccountTerms;
}

const subjectOf = ({ id, library }: Patron): Subject => ({ type: 'patron', id, library, patronId: id });

/** Why a new account cannot be opened with what the form states; all reasons at once. The library is locked, so that no two get the same number. */
export async function accountReasons(
  { tx, policy, procedure }: Held,
  form: ApplicationForm,
  { userGroup }: AccountTerms,
): Promise<Reason[]> {
  const { code: library } = policy;
  const ownCard = procedure.grants.card === 'login' ? (form.login ?? '') : null;
  const [taken] = await tx.execute<{ card: boolean; login: boolean; identity: boolean }[]>(
    `select exists (select from patron where library = ? and card = ?) as card,
       exists (select from patron where library = ? and (lower(login) = lower(?) or card = ?)) as login,
       exists (select from patron_identity where library = ? and provider = ? and subject = ?) as identity`,
    [library, ownCard, library, form.login, form.login, library, form.identityProvider, form.identitySubject],
  );
  const group = userGroup ?? procedure.grants.userGroup;
  const reasons: Reason[] = [];
  if (taken?.identity) reasons.push({ code: 'identity-bound' });
  if (taken?.card) reasons.push({ code: 'card-taken' });
  else if (taken?.login) reasons.push({ code: 'login-taken' });
  if (ownCard !== null && !isCardNumber(policy, ownCard)) reasons.push({ code: 'card-number-wrong' });
  if (!policy.userGroups.some(({ code }) => code === group)) reasons.push({ code: 'user-group-unknown' });
  return reasons;
}

/** Opens the account the form asks for, with the password whose hash the form holds (A1, A2). */
export async function openAccount(held: Held, form: ApplicationForm, grant: Grant): Promise<Patron> {
  const { tx, application, policy, procedure, at } = held;
  const confirmed = form.emailTrusted || application.confirmedVersion === application.version;
  const patron = tx.create(Patron, {
    id: uuid(),
    library: policy.code,
    card: await cardFor(tx, policy.code, present(procedure.grants.card, 'card source'), form),
    name: form.name,
    birthDate: form.birthDate ?? null,
    email: form.email,
    emailState: confirmed ? 'confirmed' : 'unconfirmed',
    emailSince: at,
    phone: form.phone ?? null,
    login: form.login ?? null,
    details: form.details,
    language: form.language,
    userGroup: procedure.grants.userGroup ?? present(grant.terms.userGroup, 'user group'),
    createdAt: at,
  });
  await tx.flush();
  const before = dataOf(patron);
  tx.create(Credential, {
    patronId: patron.id,
    passwordHash: present(form.passwordHash, 'password'),
    changedAt: at,
  });
  application.patronId = patron.id;
  await bindIdentity(held, form, patron);
  patron.userGroup = grant.terms.userGroup ?? patron.userGroup;
  applyTerms(held, patron, grant.terms);
  const { actor } = grant;
  const changeId = noteChange(tx, patron, before, { actor, at });
  record(tx, subjectOf(patron), {
    kind: 'registered',
    actor,
    at,
    detail: { applicationId: application.id, ...(changeId && { changeId }) },
  });
  if (!confirmed) await askToConfirm(held, patron);
  return patron;
}

async function cardFor(tx: Tx, library: string, source: CardSource, form: ApplicationForm): Promise<string> {
  if (source === 'login') return present(form.login, 'login as card number');
  for (;;) {
    const [row] = await tx.execute<{ last: string }[]>(
      `insert into card_series as series (library, prefix, last) values (?, ?, ?)
       on conflict (library, prefix) do update set last = series.last + 1 returning last`,
      [library, source.prefix, source.from],
    );
    const card = cardNumberOf(source, Number(row?.last));
    // Nor may it be what somebody signs in with.
    if ((await tx.count(Patron, { library, $or: [{ card }, { login: card }] })) === 0) return card;
  }
}

/** Adds what was applied for to an account there is: permissions, and what the form knows and the account does not (A4). Nothing the account has is replaced. */
export async function grantTo(
  held: Held,
  form: ApplicationForm,
  patron: Patron,
  grant: Grant,
): Promise<void> {
  const { tx, application, at } = held;
  const { actor } = grant;
  const before = dataOf(patron);
  patron.details = { ...form.details, ...patron.details };
  patron.phone ??= form.phone ?? null;
  patron.birthDate ??= form.birthDate ?? null;
  const permissions = applyTerms(held, patron, grant.terms);
  await bindIdentity(held, form, patron);
  const changeId = noteChange(tx, patron, before, { actor, at });
  record(tx, subjectOf(patron), {
    kind: 'service-granted',
    actor,
    at,
    detail: { applicationId: application.id, permissions, ...(changeId && { changeId }) },
  });
}

/** Sets what the policy grants, and what the librarian states instead (A6). Answers the permissions that came new. */
function applyTerms({ policy, procedure, at }: Held, patron: Patron, terms: AccountTerms): string[] {
  const wanted = terms.permissions ?? procedure.grants.permissions;
  const added = wanted.filter((code) => !(patron.permissions ?? []).includes(code));
  patron.permissions = [...(patron.permissions ?? []), ...added];
  const { validFor } = procedure.grants;
  if (terms.expiresOn !== undefined) patron.expiresOn = terms.expiresOn;
  else if (validFor !== undefined && !patron.expiresOn) patron.expiresOn = expiry(policy, at, validFor);
  if (terms.overdraftLimitMinor !== undefined)
    patron.overdraftLimit = terms.overdraftLimitMinor === null ? null : BigInt(terms.overdraftLimitMinor);
  if (terms.depositMinor !== undefined) patron.deposit = BigInt(terms.depositMinor);
  return [...added];
}

function expiry(policy: LibraryPolicy, at: Date, validFor: string): string {
  return civilDay(policy, instant(at)).add(Temporal.Duration.from(validFor)).toString();
}

async function bindIdentity({ tx, at }: Held, form: ApplicationForm, patron: Patron): Promise<void> {
  const { identityProvider: provider, identitySubject: subject } = form;
  if (!provider || !subject) return;
  const known = await tx.findOne(PatronIdentity, { patronId: patron.id, provider });
  if (known) return;
  tx.create(PatronIdentity, {
    id: uuid(),
    library: patron.library,
    patronId: patron.id,
    provider,
    subject,
    boundAt: at,
  });
}

/** An account opened with an address nobody has confirmed: the mail with the link goes out with it (A11). */
async function askToConfirm({ tx, application, policy, at }: Held, patron: Patron): Promise<void> {
  const asked = tx.create(EmailConfirmation, {
    id: uuid(),
    library: patron.library,
    subjectType: 'patron',
    subjectId: patron.id,
    address: present(patron.email, 'e-mail address'),
    purpose: 'set',
    requestedBy: `patron:${patron.id}`,
    createdAt: at,
    expiresAt: toDate(endOf(policy, instant(at), confirmWithin)),
  });
  await tx.flush();
  await queueNotice(tx, policy, patron, applicationSubject(application), {
    kind: 'confirm-email',
    cause: `confirm-email:${asked.id}`,
    at,
    content: { confirmationId: asked.id },
  });
}

/** The account has the password now; the forms need not keep a copy. */
export async function forgetPasswords({ tx, application }: Held): Promise<void> {
  await tx.nativeUpdate(ApplicationForm, { applicationId: application.id }, { passwordHash: null });
}
