import { z } from 'zod';
import { illModes } from '../../domain/ill.ts';
import { money } from './desk.ts';
import { delivery, literature, pickupPlace, service } from './requests.ts';
import { id, instant, language, libraryCode } from './values.ts';

/** A library that obtains things from others. */
export const illLibrary = z
  .strictObject({
    code: libraryCode,
    name: z.string(),
    language,
    form: z.string().describe('Path of its request form.'),
  })
  .meta({ id: 'IllLibrary' });

/** Which library a reader is likely of (I2). */
export const homeGuess = z
  .strictObject({
    guess: libraryCode
      .nullable()
      .describe('By the network address; null: it is in no library’s network, or in those of several.'),
    libraries: z.array(illLibrary).describe('All that offer it.'),
  })
  .meta({ id: 'HomeLibraryGuess' });

export const homeChoices = z
  .strictObject({
    guess: libraryCode.nullable(),
    chosen: libraryCode
      .nullable()
      .describe(
        'The one to begin with: the guess, where the reader has an account there, else the session’s.',
      ),
    choices: z
      .array(illLibrary.extend({ card: z.string(), own: z.boolean().describe('The session’s own library.') }))
      .describe('Where the reader has an account.'),
  })
  .meta({ id: 'HomeLibraryChoices' });

export const accountLink = z
  .strictObject({
    library: libraryCode,
    libraryName: z.string(),
    patronId: id,
    card: z.string(),
    linkedAt: instant,
  })
  .meta({ id: 'AccountLink' });

const named = (code: z.ZodType) => z.strictObject({ code, name: z.string() });

/** What a price depends on and what it is, for everyone to read before asking (I20). */
const illPrice = z.strictObject({
  services: z.array(named(service)),
  literature: z.array(named(literature)).describe('Empty: every type.'),
  userGroups: z.array(z.string()).describe('By name; empty: everybody.'),
  perItem: money.nullable(),
  perPage: money.nullable(),
  handling: money.nullable(),
  minimum: money.nullable(),
  maximum: money.nullable(),
  actualCost: z.boolean().describe('What the supplier charges comes on top.'),
});

const illSubsidy = z.strictObject({
  services: z.array(named(service)),
  userGroups: z.array(z.string()),
  whole: z.boolean(),
  percent: z.int().nullable(),
  amount: money.nullable(),
  atMost: money.nullable(),
});

/** What a library's request form needs (I1, I19, I20). */
export const requestForm = z
  .strictObject({
    library: libraryCode,
    libraryName: z.string(),
    mode: z.enum(illModes),
    services: z.array(
      z.strictObject({
        code: service,
        name: z.string(),
        deliveries: z.array(named(delivery)),
        copyright: z
          .strictObject({ version: z.string(), text: z.string() })
          .nullable()
          .describe('What has to be accepted; `copyright` of the form states its version.'),
      }),
    ),
    literature: z.array(
      z.strictObject({
        code: literature,
        name: z.string(),
        services: z.array(service),
        fields: z.array(
          z.strictObject({ code: z.string(), name: z.string(), required: z.boolean(), maxLength: z.int() }),
        ),
      }),
    ),
    costLimit: z.strictObject({
      needed: z.boolean(),
      default: money.nullable(),
      maximum: money.nullable(),
    }),
    permission: z
      .strictObject({ name: z.string(), contact: z.string(), phone: z.string() })
      .nullable()
      .describe('What an account needs, and whom to ask for it (A7); null: nothing.'),
    places: z.array(pickupPlace).describe('Where requests can be picked up (I19).'),
    prices: z
      .strictObject({
        list: z.array(illPrice).describe('The first that fits counts; what none fits costs nothing.'),
        subsidies: z.array(illSubsidy).describe('What the library pays of it for some.'),
        page: z.string().nullable().describe('Where it is explained.'),
        schedule: z.string().describe('Path of all the library’s fees.'),
      })
      .describe('The fee schedule (I20).'),
  })
  .meta({ id: 'RequestForm' });
