import { Temporal } from 'temporal-polyfill';
import type { z } from 'zod';
import { civilDay } from '../../domain/calendar.ts';
import { illServices, literatureTypes, type IllService } from '../../domain/ill.ts';
import { pickupCodes } from '../../domain/ill-places.ts';
import { permissionOf } from '../../domain/permissions.ts';
import type { IllPolicy } from '../../domain/policy-ill.ts';
import { fieldLengths, type RequestField } from '../../domain/request-fields.ts';
import { copyrightStatement, deliveriesOf, literatureRule } from '../../domain/request-form.ts';
import type { requestForm } from '../schemas/home-library.ts';
import type { Words } from '../words.ts';
import { moneyOf } from './desk.ts';
import { pickupBody } from './requests.ts';

type Form = z.input<typeof requestForm>;

const always: readonly RequestField[] = ['recordId', 'source', 'note'];

const amount = (words: Words, minor: number | undefined) =>
  minor === undefined ? null : moneyOf(words, minor);

function namedServices(words: Words, services: readonly IllService[] | undefined) {
  return (services ?? illServices).map((code) => ({ code, name: words.text(`request.service.${code}`) }));
}

function groupNames(words: Words, codes: readonly string[] | undefined): string[] {
  const { userGroups } = words.policy;
  return (codes ?? []).map(
    (code) => userGroups.find((each) => each.code === code)?.name[words.language] ?? code,
  );
}

function servicesOf(words: Words, ill: IllPolicy, now: number): Form['services'] {
  const today = civilDay(words.policy, Temporal.Instant.fromEpochMilliseconds(now));
  return illServices.flatMap((code) => {
    const deliveries = deliveriesOf(ill, code);
    if (deliveries.length === 0) return [];
    const statement = copyrightStatement(ill, code, today);
    return [
      {
        code,
        name: words.text(`request.service.${code}`),
        deliveries: deliveries.map((each) => ({ code: each, name: words.text(`request.delivery.${each}`) })),
        copyright: statement ? { version: statement.version, text: statement.text[words.language] } : null,
      },
    ];
  });
}

function literatureOf(words: Words, ill: IllPolicy): Form['literature'] {
  return literatureTypes.flatMap((code) => {
    const rule = literatureRule(ill, code);
    if (!rule) return [];
    const required = new Set<RequestField>(['title', ...rule.required]);
    const fields = new Set([...rule.fields, ...required, ...always]);
    return [
      {
        code,
        name: words.text(`request.literature.${code}`),
        services: rule.services.filter((each) => deliveriesOf(ill, each).length > 0),
        fields: [...fields].map((field) => ({
          code: field,
          name: words.text(`request.field.${field}`),
          required: required.has(field),
          maxLength: fieldLengths[field],
        })),
      },
    ];
  });
}

function pricesOf(words: Words, { prices }: IllPolicy): Form['prices'] {
  return {
    list: prices.readers.map((each) => ({
      services: namedServices(words, each.services),
      literature: (each.literature ?? []).map((code) => ({
        code,
        name: words.text(`request.literature.${code}`),
      })),
      userGroups: groupNames(words, each.userGroups),
      perItem: amount(words, each.perItemMinor),
      perPage: amount(words, each.perPageMinor),
      handling: amount(words, each.handlingMinor),
      minimum: amount(words, each.minimumMinor),
      maximum: amount(words, each.maximumMinor),
      actualCost: each.actualCost,
    })),
    subsidies: prices.subsidies.map((each) => ({
      services: namedServices(words, each.services),
      userGroups: groupNames(words, each.userGroups),
      whole: each.whole ?? false,
      percent: each.percent ?? null,
      amount: amount(words, each.amountMinor),
      atMost: amount(words, each.atMostMinor),
    })),
    page: prices.page ?? null,
    schedule: `/v1/libraries/${words.policy.code}/fees`,
  };
}

function permissionOfForm(words: Words, { requests }: IllPolicy): Form['permission'] {
  const { policy, language } = words;
  const needed = permissionOf(policy, requests.permission);
  if (!needed) return null;
  const { name, contact, phone = policy.phone } = needed;
  return { name: name[language], contact: contact[language], phone };
}

/** What a library's request form needs (I1, I19, I20). @param now epoch milliseconds: which statement counts */
export function requestFormBody(words: Words, ill: IllPolicy, now: number): Form {
  const { needed, defaultMinor, maximumMinor } = ill.requests.costLimit;
  return {
    library: words.policy.code,
    libraryName: words.policy.name[words.language],
    mode: ill.mode,
    services: servicesOf(words, ill, now),
    literature: literatureOf(words, ill),
    costLimit: { needed, default: amount(words, defaultMinor), maximum: amount(words, maximumMinor) },
    permission: permissionOfForm(words, ill),
    places: pickupCodes(words.policy).flatMap((code) => pickupBody(words, code) ?? []),
    prices: pricesOf(words, ill),
  };
}
