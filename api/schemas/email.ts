import { z } from 'zod';
import { bounceOutcomes, emailFailures } from '../../domain/email.ts';
import { isMailAddress } from '../../domain/mail-address.ts';
import { id, instant } from './values.ts';

/** One mail address, as people give it. */
export const emailAddress = z
  .string()
  .trim()
  .min(3)
  .max(254)
  .refine(isMailAddress)
  .meta({ description: 'One e-mail address.', example: 'reader@library.example' });

/** Whether a mail that was sent came back. */
export const returnedMail = z
  .enum(bounceOutcomes)
  .nullable()
  .describe(
    'It came back: nobody is at the address (`hard`), not this time (`soft`), or it is late (`delayed`).',
  );

export const emailStanding = z
  .strictObject({
    address: z.string().nullable().describe('Where mail goes; null: none is registered.'),
    state: z
      .enum(['none', 'unconfirmed', 'confirmed', 'failing'])
      .describe('Notices go by mail only to a confirmed address; `failing`: mail does not arrive.'),
    since: instant.nullable(),
    reason: z.enum(emailFailures).nullable().describe('Why mail does not arrive.'),
    reasonText: z.string().nullable(),
    lastMail: z
      .strictObject({ noticeId: id, to: z.string(), at: instant })
      .nullable()
      .describe('The last mail that the mail server took over, and to which address.'),
    pending: z
      .strictObject({
        id,
        address: z.string(),
        askedAt: instant,
        expiresAt: instant,
        mail: z
          .enum(['queued', 'sent', 'failed', 'returned'])
          .describe('What became of the confirmation mail; `failed`: refused; `returned`: it came back.'),
      })
      .nullable()
      .describe('A new address that is registered once its link is opened; until then the one above stays.'),
  })
  .meta({ id: 'EmailStanding' });

export const staffEmailStanding = z
  .strictObject({
    ...emailStanding.shape,
    bounces: z
      .array(
        z.strictObject({
          id,
          noticeId: id,
          noticeKind: z.string(),
          noticeKindText: z.string(),
          to: z.string().nullable(),
          at: instant,
          outcome: z.enum(bounceOutcomes),
          outcomeText: z.string(),
          status: z.string().nullable().describe('The enhanced status code of RFC 3463.'),
          diagnostic: z.string().nullable().describe('What the receiving server said.'),
        }),
      )
      .describe('Mails that came back, the latest first; at most twenty.'),
  })
  .meta({ id: 'StaffEmailStanding' });

export const emailAsked = z
  .strictObject({ id, address: z.string(), expiresAt: instant })
  .meta({ id: 'EmailAsked' });
