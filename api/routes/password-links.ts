import { v7 } from 'uuid';
import { z } from 'zod';
import { KnownAddress, PasswordLink, Patron } from '../../db/entities/index.ts';
import { inTransaction, reader } from '../../db/transaction.ts';
import { isPasswordLinkSecret } from '../../domain/password-link.ts';
import { passwordReasons } from '../../domain/passwords.ts';
import { networkOf } from '../auth/address.ts';
import { setPassword } from '../auth/credentials.ts';
import { findHolder } from '../auth/holders.ts';
import { linkLimit, linkNetworkLimit } from '../auth/limits.ts';
import { hashPassword } from '../auth/passwords.ts';
import { noSoonerThan } from '../auth/same-time.ts';
import { locked } from '../auth/sign-in.ts';
import { createThrottle, patronKeys, throttleKeys } from '../auth/throttle.ts';
import type { ApiDeps } from '../deps.ts';
import { loggable } from '../loggable.ts';
import { problem, refusal } from '../problem.ts';
import type { Route } from '../route.ts';
import { route } from '../route.ts';
import { nameOf, namedOnce, namedOnceElse, readerName } from '../schemas/sign-in-name.ts';
import { id, line, password } from '../schemas/values.ts';

const linkLastsMs = 3_600_000;

/** Asked for in place of the reader whom nobody's name finds, so that it takes as long. */
const nobody = '00000000-0000-0000-0000-000000000000';

/** More than finding the card and writing the row take. */
const answerAfterMs = 250;

interface Request {
  readonly library: string;
  /** Card number, login or confirmed e-mail address. */
  readonly name: string;
  readonly network: string;
  readonly now: number;
}

/** Has a link mailed to whoever has the name, and says nothing of whether anybody has. */
function createRequest({ orm, policies, commands, logger }: ApiDeps): (request: Request) => Promise<void> {
  const throttle = createThrottle(orm);

  const insertLink = async (request: Request): Promise<string | undefined> => {
    const { library, name, now } = request;
    const holder = await findHolder(orm, { kind: 'patron', ...request });
    const key = throttleKeys.link(library, holder?.id ?? name);
    const attempt = await throttle.attempt(key, linkLimit, now);
    const whose = { id: holder?.id ?? nobody, emailState: 'confirmed' } as const;
    const patron = await reader(orm).findOne(Patron, whose);
    if (!attempt.admitted || patron === null) return undefined;
    const linkId = v7();
    const at = new Date(now);
    await inTransaction(orm, async (tx) => {
      tx.create(PasswordLink, {
        id: linkId,
        patronId: patron.id,
        createdAt: at,
        expiresAt: new Date(now + linkLastsMs),
      });
    });
    return linkId;
  };

  return async (request) => {
    const { library, network, now } = request;
    if (!policies.has(library)) return;
    const key = throttleKeys.linkNetwork(library, network);
    const attempt = await throttle.attempt(key, linkNetworkLimit, now);
    if (!attempt.admitted) throw locked(policies.get(library), attempt.lockedUntil ?? now, now);
    // Asked whether or not the card exists, so that an engine that is down does not tell either.
    await commands.ping();
    const linkId = await insertLink(request);
    if (linkId === undefined) return;
    commands
      .run('sendPasswordLink', { linkId }, linkId)
      .catch((error: unknown) =>
        logger.error({ error: loggable(error), linkId }, 'a password link was not handed to the engine'),
      );
  };
}

interface Use {
  readonly linkId: string;
  readonly secret: string;
  readonly password: string;
  readonly network: string;
  readonly now: number;
}

/** Sets the password a link's owner has chosen; the link is used up by it, and by nothing else. */
function createUse({ orm, policies, config }: ApiDeps): (use: Use) => Promise<void> {
  const throttle = createThrottle(orm);

  const ownerOf = async ({ linkId, secret, now }: Use): Promise<Patron> => {
    if (!isPasswordLinkSecret(config.secret, linkId, secret)) throw problem('link-expired');
    const em = reader(orm);
    const link = await em.findOne(PasswordLink, {
      id: linkId,
      usedAt: null,
      expiresAt: { $gt: new Date(now) },
    });
    const patron = link && (await em.findOne(Patron, { id: link.patronId, closedAt: null }));
    if (!patron) throw problem('link-expired');
    return patron;
  };

  return async (use) => {
    const { linkId, network, now } = use;
    const patron = await ownerOf(use);
    const policy = policies.get(patron.library).passwords;
    const reasons = passwordReasons({ password: use.password, policy, birthDate: patron.birthDate ?? null });
    if (reasons.length > 0) throw refusal(reasons);
    const hash = await hashPassword(use.password);
    await inTransaction(orm, async (tx) => {
      const usedAt = new Date(now);
      const used = await tx.nativeUpdate(PasswordLink, { id: linkId, usedAt: null }, { usedAt });
      if (used === 0) throw problem('link-expired');
      await setPassword(tx, { patron, hash, actor: `patron:${patron.id}`, event: 'password-reset', now });
      await throttle.clearEverywhere(tx, ...patronKeys(patron));
      // Whoever reads the reader's mail is the reader: here they can sign in whatever a stranger does elsewhere.
      await tx.upsert(KnownAddress, { holderId: patron.id, address: network, lastUsedAt: usedAt });
    });
  };
}

/** The way back in for readers who have forgotten their password (A10). */
export function passwordLinkRoutes(deps: ApiDeps): Route[] {
  const request = createRequest(deps);
  const use = createUse(deps);

  return [
    route({
      method: 'post',
      path: '/v1/password-links',
      summary: 'Ask for a mail with a link for setting a new password',
      description:
        'Answered alike whether or not there is such a reader. A mail goes out if there is, and has a confirmed e-mail address.',
      access: 'public',
      body: z.strictObject(readerName).refine(namedOnce, namedOnceElse),
      problems: ['too-many-attempts', 'engine-unavailable'],
      responses: { 202: { description: 'If there is such a card, a mail is on its way.' } },
    }).handle(async ({ body, address, now }) => {
      const wish = { library: body.library, name: nameOf(body), network: networkOf(address), now };
      await noSoonerThan(answerAfterMs, () => request(wish));
      return { status: 202 };
    }),
    route({
      method: 'post',
      path: '/v1/password-links/:id/use',
      summary: 'Set a new password with a link from a mail',
      description: 'All sessions end, and any lock of the card.',
      access: 'public',
      params: z.strictObject({ id }),
      body: z.strictObject({ secret: line(100), password }),
      problems: ['link-expired', 'too-short', 'too-long', 'characters', 'birth-date', 'common'],
      responses: { 204: { description: 'Set; sign in with it.' } },
    }).handle(async ({ params, body, address, now }) => {
      await use({ linkId: params.id, ...body, network: networkOf(address), now });
      return { status: 204 };
    }),
  ];
}
