import { defineEntity, type InferEntity, p } from '@mikro-orm/core';
import type { Language } from '../../domain/languages.ts';
import type { ApplicationState } from '../../domain/registration.ts';
import type { Actor } from '../../domain/roles.ts';

/**
 * Where an application for an account, or for a further service, stands (A1–A5); written by activities only. `version` is the form that counts now,
 * `confirmedVersion` the one whose e-mail address is confirmed. `patronId`: the account it asks a service for, or the card that came of it.
 */
export const Application = defineEntity({
  name: 'Application',
  properties: {
    id: p.uuid().primary(),
    library: p.string(),
    /** Code of the procedure in the policy's section `registration`. */
    procedure: p.string(),
    state: p.string().$type<ApplicationState>(),
    version: p.integer(),
    confirmedVersion: p.integer().nullable(),
    language: p.string().$type<Language>(),
    patronId: p.uuid().nullable(),
    submittedAt: p.datetime(),
    /** From when the reviewers' working days count; only while they have it. */
    reviewSince: p.datetime().nullable(),
    reviewDueAt: p.datetime().nullable(),
    /** The last working day on which the supervisor was told that the review is overdue; `YYYY-MM-DD`. */
    escalatedOn: p.date().nullable(),
    /** When it lapses unless the applicant does something. */
    lapsesAt: p.datetime().nullable(),
    /** What staff wrote with the latest question or decision. */
    remarkId: p.uuid().nullable(),
    decidedBy: p.string().$type<Actor>().nullable(),
    decidedAt: p.datetime().nullable(),
    endedAt: p.datetime().nullable(),
    endReason: p.string().nullable(),
    /** When what the applicant submitted is deleted; not set for what became an account. */
    eraseAt: p.datetime().nullable(),
    erasedAt: p.datetime().nullable(),
  },
});
export type Application = InferEntity<typeof Application>;

/**
 * What an applicant submitted: a document, written by the API in one transaction before the process hears of it (with `submitted`, or `resubmit` and its
 * version). Version 1 comes first; corrections and answers are the next ones, and the earlier ones stay. Never the password, only its argon2id hash.
 */
export const ApplicationForm = defineEntity({
  name: 'ApplicationForm',
  properties: {
    applicationId: p.uuid().primary(),
    version: p.integer().primary(),
    library: p.string(),
    procedure: p.string(),
    /** The signed-in reader's own card, where the procedure needs an account. */
    patronId: p.uuid().nullable(),
    language: p.string().$type<Language>(),
    name: p.string(),
    birthDate: p.date().nullable(),
    email: p.string(),
    phone: p.string().nullable(),
    /** Student or staff number, or a chosen login. */
    login: p.string().nullable(),
    passwordHash: p.string().nullable(),
    /** Further fields of the procedure by their codes: `gender`, `institution`, `workUnit`, `address`. */
    details: p.json<Record<string, string>>().onCreate(() => ({})),
    /** What the applicant wrote to the reviewer's question, or with the correction. */
    answer: p.string().nullable(),
    /** Who an identity provider says the applicant is (A1), from a `VerifiedIdentity` that the API has used up for this form; else null. */
    identityProvider: p.string().nullable(),
    identitySubject: p.string().nullable(),
    /** The address is the provider's and need not be confirmed again. */
    emailTrusted: p.boolean().onCreate(() => false),
    /** `nameKeys`, `emailKey`, `phoneKey` of domain/person-keys.ts, for finding likely duplicates. */
    nameKeys: p.array().onCreate(() => []),
    emailKey: p.string().nullable(),
    phoneKey: p.string().nullable(),
    submittedAt: p.datetime(),
  },
});
export type ApplicationForm = InferEntity<typeof ApplicationForm>;
